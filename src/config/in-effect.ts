import type { Config } from "./config.ts";
import { hiddenSecret, hideSecrets, isSecretKey } from "./hide-secrets.ts";
import { schema } from "./schema.ts";
import type { Setting } from "./setting.ts";
import { writtenTree } from "./written.ts";

/** A setting with what it is set to. */
export interface SettingInEffect {
  readonly path: string;
  /** In the notation of the file, without secrets; undefined where it is not set and has no default. */
  readonly value: unknown;
  readonly written: boolean;
  /** Whether it is accepted and does nothing. */
  readonly later: boolean;
  readonly deprecated: boolean;
  readonly about: string;
}

/** Every setting of a configuration, in the order of the reference. */
export function settingsInEffect(config: Config): SettingInEffect[] {
  return [
    ...walk(schema, { path: [], written: writtenTree(config), settled: config, later: false, deprecated: false }),
  ];
}

interface Place {
  readonly path: readonly string[];
  readonly written: unknown;
  readonly settled: unknown;
  readonly later: boolean;
  readonly deprecated: boolean;
}

function* walk(setting: Setting, place: Place): Generator<SettingInEffect> {
  const later = place.later || setting.later === true;
  const deprecated = place.deprecated || setting.deprecated === true;
  const { shape } = setting;
  if (shape.kind === "section" && (!shape.optional || isThere(place.written))) {
    for (const [key, inner] of Object.entries(shape.keys))
      yield* walk(inner, {
        path: [...place.path, key],
        written: memberOf(place.written, key),
        settled: memberOf(place.settled, key),
        later,
        deprecated,
      });
    return;
  }
  const path = place.path.join(".");
  if (ofCommandLine.has(path)) return;
  const written = isThere(place.written);
  const value = withoutSecrets(place.path, valueOf(setting, place));
  yield { path, value, written, later, deprecated, about: setting.about };
}

// Accepted among the settings, since Kratos does, and nothing that is set there.
const ofCommandLine = new Set(["help", "config"]);

/** What was written, else the default, else what became of it: an address that follows from others. */
function valueOf({ shape, fallback }: Setting, { written, settled }: Place): unknown {
  if (isThere(written)) return written;
  if (fallback !== undefined) return fallback;
  return shape.kind === "text" || shape.kind === "choice" ? settled : undefined;
}

function withoutSecrets(path: readonly string[], value: unknown): unknown {
  const key = path.at(-1)!;
  const isSecret = path[0] === "secrets" || (isSecretKey(key) && typeof value === "string");
  if (!isSecret) return (hideSecrets({ [key]: value }) as Record<string, unknown>)[key];
  return Array.isArray(value) ? value.map(() => hiddenSecret) : value === undefined ? undefined : hiddenSecret;
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

const memberOf = (tree: unknown, key: string): unknown =>
  typeof tree === "object" && tree !== null && Object.hasOwn(tree, key)
    ? (tree as Record<string, unknown>)[key]
    : undefined;
