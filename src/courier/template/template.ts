import { builtins } from "./builtins.ts";
import { collectionFunctions } from "./collection-functions.ts";
import { evaluate } from "./evaluate.ts";
import { numberFunctions } from "./number-functions.ts";
import { parse } from "./parser.ts";
import { textFunctions } from "./text-functions.ts";
import type { Fields, TemplateFunction } from "./values.ts";
import { htmlWriter, textWriter } from "./writer.ts";

/** A template that has been read. */
export interface Template {
  /** Writes it with these fields. Throws an error that says where the template goes wrong. */
  render(fields: Fields): string;
}

const functions: Readonly<Record<string, TemplateFunction>> = Object.assign(
  Object.create(null) as Record<string, TemplateFunction>,
  textFunctions,
  collectionFunctions,
  numberFunctions,
  builtins,
);

/**
 * Reads a template in the language of Go's text/template. Values in HTML are escaped for the place where they stand. The
 * template can use others by their names, and what they define.
 */
export function compileTemplate(source: string, kind: "text" | "html", place: string, others: Readonly<Record<string, string>> = {}): Template {
  const read = (text: string) => parse(text, (name) => name in functions);
  const { body, defined: own } = located(place, () => read(source));
  const lent = Object.entries(others).flatMap(([name, text]) => {
    const other = located(name, () => read(text));
    return [[name, other.body] as const, ...other.defined];
  });
  const parsed = { body, defined: new Map([...lent, ...own]) };
  return {
    render: (fields) =>
      located(place, () => {
        const writer = kind === "html" ? htmlWriter() : textWriter();
        evaluate(parsed, fields, { functions, writer });
        return writer.text();
      }),
  };
}

function located<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`The template ${place} cannot be used: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
