import type { Message } from "@bufbuild/protobuf";
import type { Readable } from "node:stream";
import type { Problem } from "../errors.ts";

/** A message of a stream that a client sends; why it is refused need not end the stream. */
export type Received<M extends Message = Message> = {
  /** How many bytes it has come in. */
  readonly bytes: number;
} & ({ readonly message: M; readonly problem?: undefined } | { readonly message?: M; readonly problem: Problem });

/** A line, or how long one was that is too long to be held. */
export type Line = { readonly text: Buffer } | { readonly tooLong: number };

const newline = 10;

/** The lines of a body, but for empty ones. Of what is longer than `mostBytes` nothing is kept. */
export async function* linesOf(body: Readable, mostBytes: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer) => {
    length += part.length;
    if (length <= mostBytes) parts.push(part);
    else parts = [];
  };
  const line = (): Line | undefined => {
    const whole: Line = length > mostBytes ? { tooLong: length } : { text: Buffer.concat(parts) };
    [parts, length] = [[], 0];
    return "text" in whole && isBlank(whole.text) ? undefined : whole;
  };
  // Who stops reading has yet to answer over the same connection.
  for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, from)) {
      take(piece.subarray(from, at));
      from = at + 1;
      const whole = line();
      if (whole) yield whole;
    }
    take(piece.subarray(from));
  }
  const last = line();
  if (last) yield last;
}

const isBlank = (text: Buffer): boolean => text.every((byte) => byte === 32 || byte === 9 || byte === 13);
