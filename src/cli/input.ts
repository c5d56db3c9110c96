import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import type { CommandCall } from "./command.ts";

/** How the standard input is written in the place of a file. */
export const standardInput = "-";

/** Opens a file, or the standard input. */
export const openInput = ({ input }: CommandCall, file: string): Readable =>
  file === standardInput ? input() : createReadStream(file);

/** All that a file, or the standard input, holds. Throws in a sentence where it cannot be read. */
export async function readInput(call: CommandCall, file: string): Promise<string> {
  try {
    return await text(openInput(call, file));
  } catch (cause) {
    throw new Error(`${file} cannot be read`, { cause });
  }
}
