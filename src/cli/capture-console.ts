import { formatWithOptions } from "node:util";
import type { Log } from "../log.ts";

const levels = {
  debug: "debug",
  trace: "debug",
  log: "info",
  info: "info",
  dir: "info",
  warn: "warn",
  error: "error",
} as const;

/**
 * Takes into the log what libraries say on the console, and what Node says of the process: whoever reads the log by a program
 * reads lines of one form. Answers how to give it back.
 */
export function captureConsole(log: Log): () => void {
  const console = globalThis.console as unknown as Record<string, unknown>;
  const before = Object.fromEntries(Object.keys(levels).map((method) => [method, console[method]]));
  for (const [method, level] of Object.entries(levels))
    console[method] = (...words: unknown[]) =>
      log[level]("message from a library", { words: formatWithOptions({ colors: false, depth: 3 }, ...words) });

  const warned = ({ name, message, ...more }: Error & { code?: unknown }) =>
    log.warn("warning from Node.js", { name, ...(more.code !== undefined && { id: more.code }), reason: message });
  const printers = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", warned);

  // Nobody knows what is half done: as without a listener, the process ends.
  const ended = (error: unknown) => {
    log.error("uncaught error, the server exits", { error });
    process.exit(1);
  };
  process.on("uncaughtException", ended);

  return () => {
    Object.assign(console, before);
    process.off("warning", warned).off("uncaughtException", ended);
    for (const printer of printers) process.on("warning", printer);
  };
}
