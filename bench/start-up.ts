import { setTimeout as pause } from "node:timers/promises";
import { median } from "./figures.ts";
import { residentMb, start, stop } from "./processes.ts";

/** How long a server takes from its command line until it listens, and what it holds when nobody has asked for anything. */
export async function measureStart(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const [times, sizes]: [number[], number[]] = [[], []];
  // The first one warms the caches of the disk and of compiled code.
  for (let n = 0; n < 6; n++) {
    const began = performance.now();
    const child = start(words, environment);
    await new Promise<void>((done) =>
      child.stderr!.on("data", (chunk) => String(chunk).includes("listening") && done()),
    );
    if (n > 0) times.push(performance.now() - began);
    await pause(1000);
    if (child.exitCode !== null) throw new Error(`${words.join(" ")} ended`);
    if (n > 0) sizes.push(residentMb(child.pid!));
    await stop(child);
  }
  console.log(
    `${words[0]} listens after ${median(times).toFixed(0)} ms, idle ${median(sizes)} MB (medians of ${times.length} starts)`,
  );
}
