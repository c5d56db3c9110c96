import { readFileSync, readdirSync } from "node:fs";
import { setPriority } from "node:os";

const nicer = 10;

/**
 * Lets the threads that hash passwords stand back behind the one that answers requests, which on a busy core halves how
 * long others wait while people sign in. Linux alone gives threads a priority of their own; elsewhere nothing happens.
 */
export function lowerPriority(): void {
  if (process.platform !== "linux") return;
  try {
    for (const thread of readdirSync("/proc/self/task"))
      if (readFileSync(`/proc/self/task/${thread}/comm`, "utf8").trim() === "libuv-worker")
        setPriority(Number(thread), nicer);
  } catch {
    // Where /proc or priorities are out of reach, hashing goes on as it is.
  }
}
