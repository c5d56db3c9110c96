import { readBoolean } from "../text/boolean.ts";
import type { Path } from "./check.ts";
import type { Setting } from "./setting.ts";

/** A value that an environment variable sets. */
export interface EnvironmentValue {
  readonly variable: string;
  readonly path: Path;
  readonly value: unknown;
}

/** Variables that other programs set for other reasons. */
const ignored = new Set(["version", "help", "config", "revision"]);

/** Finds the environment variables that name a place in the configuration: SELFSERVICE_METHODS_PASSWORD_ENABLED. */
export function readEnvironment(root: Setting, environment: NodeJS.ProcessEnv): EnvironmentValue[] {
  const found: EnvironmentValue[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    const place = text === undefined ? undefined : findPlace(root, variable, []);
    if (!place || text === undefined || ignored.has(String(place.path[0]))) continue;
    found.push({ variable, path: place.path, value: readValue(place.setting, text) });
  }
  // What sets a whole comes before what sets a part of it.
  return found.sort((a, b) => a.path.length - b.path.length);
}

interface Place {
  readonly path: Path;
  readonly setting: Setting;
}

/** Underscores part keys and are in keys: only the schema tells which is which. */
function findPlace(setting: Setting, rest: string, path: Path): Place | undefined {
  const { shape } = setting;
  if (shape.kind === "section") {
    for (const [key, inner] of Object.entries(shape.keys)) {
      const name = key.replaceAll("-", "_").toUpperCase();
      if (rest === name) return { path: [...path, key], setting: inner };
      const place = rest.startsWith(`${name}_`) && findPlace(inner, rest.slice(name.length + 1), [...path, key]);
      if (place) return place;
    }
  }
  if (shape.kind === "list") {
    const [, index, , further] = /^(\d{1,3})(_(.+))?$/.exec(rest) ?? [];
    if (index === undefined) return undefined;
    const inner = [...path, Number(index)];
    return further === undefined ? { path: inner, setting: shape.item } : findPlace(shape.item, further, inner);
  }
  return undefined;
}

function readValue({ shape }: Setting, text: string): unknown {
  switch (shape.kind) {
    case "flag":
      return text === "" ? false : (readBoolean(text) ?? text);
    case "whole":
      return /^-?\d+$/.test(text) ? Number(text) : text;
    case "fraction":
      return /^\d*\.?\d+$/.test(text) ? Number(text) : text;
    case "list":
      return text.trimStart().startsWith("[") ? parseJson(text) : splitList(text);
    case "section":
    case "table":
    case "variant":
    case "anything":
      return parseJson(text);
    default:
      return text;
  }
}

const splitList = (text: string): string[] =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
