import { watch as watchFolder, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Config } from "./config.ts";
import { readConfig, type Reading, type Sources } from "./load.ts";

/** The configuration in effect, now and after every good change of its files. */
export interface ConfigStore {
  current(): Config;
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
  onChange: () => () => undefined,
  close: () => undefined,
});

/** Watches the files of a configuration. A bad change is refused: the last good configuration stays. */
export function watchConfig(start: Config, sources: Sources, tell: (news: ConfigNews) => void): ConfigStore {
  let current = start;
  let last: Reading | undefined;
  const listeners = new Set<(config: Config) => void>();

  const reload = () => {
    const reading = readConfig(sources);
    // One change of a file is often several events, and none of them is told twice.
    if (isDeepStrictEqual(reading, last)) return;
    last = reading;
    if (reading.kind === "refused") return tell(reading);
    const { config, stuck } = keepFixed(reading.config, start);
    if (stuck.length) tell({ kind: "restart-needed", keys: stuck });
    if (isDeepStrictEqual(config, current)) return;
    current = config;
    tell({ kind: "changed", reading: { ...reading, config } });
    for (const listener of listeners) listener(config);
  };

  const stop = watchFiles(sources.files, reload);
  return {
    current: () => current,
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
  const serve = { ...start.serve, public: { ...start.serve.public, cors } };
  const config = { ...next, serve, log: start.log, dsn: start.dsn, dev: start.dev };
  const keys = ["serve", "log", "dsn", "dev"] as const;
  return { config, stuck: keys.filter((key) => !isDeepStrictEqual(config[key], next[key])) };
}

const settlingMs = 100;

/**
 * Calls back when a file may have changed. Watches the folders, for editors and Kubernetes put a new file in
 * the place of the old one instead of writing into it.
 */
function watchFiles(files: readonly string[], changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, settlingMs);
  };
  const names = new Set([...files.map((file) => basename(file)), "..data"]);
  const watchers = [...new Set(files.map((file) => dirname(file)))].map((folder): FSWatcher => {
    const watcher = watchFolder(folder, (_event, name) => {
      if (name === null || names.has(name)) soon();
    });
    // A folder that goes away is no reason to stop serving.
    return watcher.on("error", () => watcher.close());
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
