import { isDeepStrictEqual } from "node:util";
import type { Config } from "./config.ts";
import { readConfig, type Reading, type Sources } from "./load.ts";
import { noteFound } from "./remarks.ts";
import type { ListenerConfig } from "./serve-config.ts";
import { watchFiles } from "./watch-files.ts";
import { noteWritten, writtenTree } from "./written.ts";

/** The configuration in effect, now and after every good change of its files. */
export interface ConfigStore {
  current(): Config;
  /** From now on no change takes effect that the judge finds faults with. */
  vet(judge: (config: Config) => Promise<readonly string[]>): void;
  /** Calls back after a change took effect; answers with the way to stop that. */
  onChange(listener: (config: Config) => void): () => void;
  close(): void;
}

/** What the store tells of a change: `refused` is an error, the rest is news. */
export type ConfigNews =
  | { readonly kind: "changed"; readonly reading: Reading & { kind: "read" } }
  | { readonly kind: "refused"; readonly faults: readonly string[] }
  | { readonly kind: "restart-needed"; readonly keys: readonly string[] };

/** A store that never changes. */
export const fixedConfig = (config: Config): ConfigStore => ({
  current: () => config,
  vet: () => undefined,
  onChange: () => () => undefined,
  close: () => undefined,
});

/** Watches the files of a configuration. A bad change is refused: the last good configuration stays. */
export function watchConfig(start: Config, sources: Sources, tell: (news: ConfigNews) => void): ConfigStore {
  let current = start;
  let last: Reading | undefined;
  const listeners = new Set<(config: Config) => void>();
  let judge: (config: Config) => Promise<readonly string[]> = () => Promise.resolve([]);

  const reload = async () => {
    const reading = readConfig(sources);
    // One change of a file is often several events, and none of them is told twice.
    if (isDeepStrictEqual(reading, last)) return;
    last = reading;
    if (reading.kind === "refused") return tell(reading);
    const { config, stuck } = keepFixed(reading.config, start);
    noteFound(config, reading);
    if (stuck.length) tell({ kind: "restart-needed", keys: stuck });
    if (isDeepStrictEqual(config, current)) return;
    const faults = await judge(config).catch((error: unknown) => [String(error)]);
    // Another change has come in the meantime, and is judged by itself.
    if (last !== reading) return;
    if (faults.length) {
      // What was wrong may lie elsewhere, and be mended without another change of the configuration's own files.
      last = undefined;
      return tell({ kind: "refused", faults });
    }
    current = config;
    tell({ kind: "changed", reading: { ...reading, config } });
    for (const listener of listeners) listener(config);
  };

  const stop = watchFiles(sources.files, () => void reload());
  return {
    current: () => current,
    vet: (next) => void (judge = next),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: stop,
  };
}

/** What is read once, at the start, keeps its first value. */
function keepFixed(next: Config, start: Config): { config: Config; stuck: string[] } {
  const cors = { ...start.serve.public.cors, allowed_origins: next.serve.public.cors.allowed_origins };
  const { workers } = start.serve;
  const serve = {
    ...(workers !== undefined && { workers }),
    public: { ...start.serve.public, ...renewed(start.serve.public, next.serve.public), cors },
    admin: { ...start.serve.admin, ...renewed(start.serve.admin, next.serve.admin) },
    trusted_proxies: next.serve.trusted_proxies,
    shutdown: next.serve.shutdown,
    worker_timeout: next.serve.worker_timeout,
  };
  const config = noteWritten({ ...next, serve, log: start.log, dsn: start.dsn, dev: start.dev }, writtenTree(next));
  const keys = ["serve", "log", "dsn", "dev"] as const;
  return { config, stuck: keys.filter((key) => !isDeepStrictEqual(config[key], next[key])) };
}

/** A certificate may be replaced while the server runs; TLS itself is switched on or off at the start. */
const renewed = (start: ListenerConfig, next: ListenerConfig): Pick<ListenerConfig, "tls"> =>
  start.tls && next.tls ? { tls: next.tls } : {};
