import { parse } from "../parser.ts";
import { Layout } from "./layout.ts";
import { piecesOf } from "./pieces.ts";
import { tidy } from "./tidy.ts";

/**
 * Writes a program as everybody would: two blanks for each level, texts with single quotes, commas behind the last of several lines. Its lines stay its own. Throws
 * a JsonnetError of kind `syntax` where it cannot be read.
 *
 * @example
 * format('{"a":1,b:[1,2,]}'); // "{ a: 1, b: [1, 2] }\n"
 */
export function format(source: string): string {
  const before = parse(source);
  const text = new Layout().write(tidy(piecesOf(source)));
  // To whoever formats a program it has to be the same one, whatever else may go wrong here.
  if (meaning(parse(text)) !== meaning(before)) throw new Error("the program would not be the same");
  return text;
}

const meaning = (program: unknown): string =>
  JSON.stringify(program, (name, value: unknown) => (name === "place" ? undefined : value));
