import type { Config } from "./config.ts";

const trees = new WeakMap<Config, unknown>();

/** Notes the tree that a configuration was made of: files, environment variables and flags in one, as they were written. */
export function noteWritten(config: Config, tree: unknown): Config {
  trees.set(config, tree);
  return config;
}

/** The tree that a configuration was made of. Kept apart from it, since it holds what was written and not what is meant. */
export const writtenTree = (config: Config): unknown => trees.get(config) ?? {};
