/** By which a process is asked to stop: on Windows also by Ctrl-Break, and by the end of its window. */
export const stopSignals = (platform: NodeJS.Platform = process.platform): readonly NodeJS.Signals[] =>
  platform === "win32" ? ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"] : ["SIGINT", "SIGTERM"];

/** Calls back at the wish to stop, and ends the process at a second one. Answers how to stop listening. */
export function interrupted(listener: () => void): () => void {
  const end = () => process.exit(130);
  const hear = () => {
    listener();
    process.once("SIGINT", end);
  };
  process.once("SIGINT", hear);
  return () => process.off("SIGINT", hear).off("SIGINT", end);
}

/** Waits for the wish to stop. Who wishes it a second time is not kept waiting. */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of stopSignals()) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve(signal);
      });
    }
  });
}
