import { setTimeout as pause } from "node:timers/promises";
import { mostResidentMb, residentMb, start, stop, untilReady } from "./processes.ts";

/** What a server holds when nobody has asked for anything, when it has worked, and at most in between. */
export async function measureMemory(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  ready: string,
  work: () => Promise<void>,
): Promise<void> {
  const server = start(words, environment);
  server.stderr!.resume();
  try {
    await untilReady(ready);
    await pause(1000);
    const idle = residentMb(server.pid!);
    await work();
    console.log(
      `${words[0]} holds ${idle} MB idle, ${residentMb(server.pid!)} MB after load, ${mostResidentMb(server.pid!)} MB at most`,
    );
  } finally {
    await stop(server);
  }
}
