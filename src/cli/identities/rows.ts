import type { Readable } from "node:stream";
import type { CommandCall } from "../command.ts";
import { openInput, standardInput } from "../input.ts";
import { elementsOf } from "./json-elements.ts";

/** A row of a file: an identity as somebody has written it, or why it cannot be read. */
export interface FileRow {
  /** As messages name the file. */
  readonly file: string;
  /** Its number in the file, from 1: the line where each line is one, else its place in the array. */
  readonly number: number;
  readonly json?: unknown;
  readonly fault?: string;
}

/** What names a row to whoever looks for it. */
export const placeOf = ({ file, number }: Pick<FileRow, "file" | "number">): string => `${file}:${number}`;

/** How much of files has been read. */
export interface Reading {
  bytes: number;
}

/** The rows of files, or of the standard input where none is named. */
export async function* rowsOf(
  call: CommandCall,
  files: readonly string[],
  reading: Reading = { bytes: 0 },
): AsyncGenerator<FileRow> {
  for (const file of files.length > 0 ? files : [standardInput]) {
    const name = file === standardInput ? "stdin" : file;
    try {
      for await (const row of rowsIn(counted(openInput(call, file), reading))) yield { file: name, ...row };
    } catch (cause) {
      throw new Error(`${name} cannot be read`, { cause });
    }
  }
}

async function* counted(input: Readable, reading: Reading): AsyncGenerator<string> {
  for await (const piece of input.setEncoding("utf8") as AsyncIterable<string>) {
    reading.bytes += Buffer.byteLength(piece);
    yield piece;
  }
}

type Row = Omit<FileRow, "file">;

/**
 * The rows of a file: of one that begins like an array its elements, of any other one its lines, or the one object that goes over several of
 * them.
 */
async function* rowsIn(pieces: AsyncIterator<string>): AsyncGenerator<Row> {
  const begun = await beginning(pieces);
  if (begun.trimStart().startsWith("[")) yield* elements(begun, pieces);
  else yield* lines(begun, pieces);
}

/** As much of a file as says how it goes on. Editors of Windows write a mark before the text. */
async function beginning(pieces: AsyncIterator<string>): Promise<string> {
  let text = "";
  while (!text.replace(/^\uFEFF/, "").trim()) {
    const { done, value } = await pieces.next();
    if (done) return "";
    text += value;
  }
  return text.replace(/^\uFEFF/, "");
}

async function* after(begun: string, pieces: AsyncIterator<string>): AsyncGenerator<string> {
  yield begun;
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
}

async function* elements(begun: string, pieces: AsyncIterator<string>): AsyncGenerator<Row> {
  let number = 0;
  for await (const text of elementsOf(after(begun, pieces))) yield rowOf(text, ++number);
}

async function* lines(begun: string, pieces: AsyncIterator<string>): AsyncGenerator<Row> {
  const all = linesOf(after(begun, pieces));
  const first = (await all.next()).value;
  if (!first) return;
  const second = (await all.next()).value;
  const isObject = (text = "") => typeof rowOf(text, 0).json === "object";
  if (isObject(first.text) || isObject(second?.text)) {
    yield rowOf(first.text, first.number);
    if (second) yield rowOf(second.text, second.number);
    for await (const { text, number } of all) yield rowOf(text, number);
  } else {
    const texts = [first.text, second?.text ?? ""];
    for await (const { text } of all) texts.push(text);
    yield rowOf(texts.join("\n"), first.number);
  }
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/** The lines of a text, but for empty ones. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<Line, undefined> {
  let rest = "";
  let number = 0;
  for await (const piece of pieces) {
    const texts = (rest + piece).split("\n");
    rest = texts.pop()!;
    for (const text of texts) {
      number++;
      if (text.trim()) yield { text, number };
    }
  }
  if (rest.trim()) yield { text: rest, number: number + 1 };
  return undefined;
}

function rowOf(text: string, number: number): Row {
  try {
    return { number, json: JSON.parse(text) as unknown };
  } catch (error) {
    return { number, fault: (error as Error).message };
  }
}
