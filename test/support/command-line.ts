import { Readable } from "node:stream";
import { runCommand } from "../../src/cli/run-command.ts";

/** What a command did: its exit code and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export const runIn = (environment: NodeJS.ProcessEnv, ...words: string[]): Promise<Ran> =>
  runWith("", environment, ...words);

/** Runs a command line in this process, which reads this. */
export async function runWith(input: string, environment: NodeJS.ProcessEnv, ...words: string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const read = () => Readable.from([Buffer.from(input)]);
  const code = await runCommand(words, {
    environment,
    input: read,
    interrupted: () => () => undefined,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
