import type { Config } from "./config.ts";
import { pagelessFlows } from "./pageless.ts";

/** Something that is to be said of a configuration: a sentence, or the path of a setting. */
export interface Remark {
  readonly kind: "insecure" | "unlikely" | "without_effect" | "deprecated" | "pageless";
  readonly text: string;
}

/** What was found when a configuration was read. */
export interface Found {
  readonly insecure: readonly string[];
  readonly warnings: readonly string[];
  readonly later: readonly string[];
  readonly deprecated: readonly string[];
}

const found = new WeakMap<Config, Found>();

/** Notes what was found when a configuration was read. */
export function noteFound(config: Config, remarks: Found): Config {
  found.set(config, remarks);
  return config;
}

/** What is to be said of a configuration. */
export function remarksOn(config: Config): Remark[] {
  const { insecure = [], warnings = [], later = [], deprecated = [] } = found.get(config) ?? {};
  const as = (kind: Remark["kind"]) => (text: string) => ({ kind, text });
  return [
    ...insecure.map(as("insecure")),
    ...warnings.map(as("unlikely")),
    ...later.map(as("without_effect")),
    ...deprecated.map(as("deprecated")),
    ...pagelessFlows(config).map(as("pageless")),
  ];
}
