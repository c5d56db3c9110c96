import type { CommandCall } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { errorMessage } from "../text/error-message.ts";

/** What has come of some things that a command was asked for, one by one. */
export interface Each<T> {
  readonly done: readonly T[];
  /** The exit code: what failed does not keep the rest from being done, and is not forgotten. */
  readonly code: number;
}

/** Does something for each of several names, and tells of each that it could not be done for. */
export async function forEach<T>(
  { err }: CommandCall,
  names: readonly string[],
  work: (name: string) => Promise<T>,
): Promise<Each<T>> {
  const done: T[] = [];
  let code: number = exitCodes.done;
  for (const name of names)
    try {
      done.push(await work(name));
    } catch (error) {
      err(`${name}: ${errorMessage(error)}`);
      code = exitCodes.failed;
    }
  return { done, code };
}
