/** By which a process is asked to stop: on Windows also by Ctrl-Break, and by the end of its window. */
export const stopSignals = (platform: NodeJS.Platform = process.platform): readonly NodeJS.Signals[] =>
  platform === "win32" ? ["SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"] : ["SIGINT", "SIGTERM"];

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
