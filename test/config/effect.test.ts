import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { schema } from "../../src/config/schema.ts";
import type { Setting } from "../../src/config/setting.ts";

const src = resolve(import.meta.dirname, "../../src");
/** Where settings are declared, described or fingerprinted: that is no effect. */
const declares =
  /^(?:config\/(?:schema\/|schema\.ts|config\.ts|[a-z]+-config\.ts|setting\.ts|reference\.ts|insecure\.ts|revision\.ts)|strategies\/[a-z-]+\/config\.ts$)/;
const code = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !declares.test(path))
  .map((path) =>
    readFileSync(join(src, path), "utf8")
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/^\s*\/\/.*$/gm, ""),
  );

/** What has no effect by its nature. */
const idle: Readonly<Record<string, string>> = {
  version: "the version that a file was written for",
  help: "a flag of the command line",
  config: "a flag of the command line",
  "sqa-opt-out": "nothing is ever reported",
  icon: "browsers show none",
};

/** Sections that are handed on as a whole, and the type by which they are read. */
const readAs: Readonly<Record<string, string>> = {
  request_config: "OutgoingRequest",
  otlp: "CollectorConfig",
  smtp: "SmtpConfig",
  smtp_config: "SmtpConfig",
};

interface Leaf {
  readonly path: readonly string[];
  /** The log names it, or what switches it on, where it is written. */
  readonly told: boolean;
  /** It is marked itself. */
  readonly later: boolean;
}

function* leavesOf(setting: Setting, path: readonly string[], told = false): Generator<Leaf> {
  const { shape } = setting;
  const toldHere = told || setting.later === true;
  if (shape.kind === "section") {
    const off = toldHere || shape.keys["enabled"]?.later === true;
    for (const [key, inner] of Object.entries(shape.keys)) yield* leavesOf(inner, [...path, key], off);
  } else if (shape.kind === "variant")
    for (const [name, arm] of Object.entries(shape.arms)) yield* leavesOf(arm, [...path, name], toldHere);
  else if (shape.kind === "list" && isCompound(shape.item)) yield* leavesOf(shape.item, path, toldHere);
  else if (shape.kind === "table" && isCompound(shape.value)) yield* leavesOf(shape.value, path, toldHere);
  else yield { path, told: toldHere, later: setting.later === true };
}

const isCompound = ({ shape }: Setting): boolean => shape.kind === "section" || shape.kind === "variant";
const word = (name: string) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`);

/** Names of several words are read by nobody else. Plain ones count where the name of their section is read too. */
function isRead([key, section]: readonly (string | undefined)[]): boolean {
  const own = word(key!);
  if (/[_-]/.test(key!) || section === undefined) return code.some((text) => own.test(text));
  const around = word(readAs[section] ?? section);
  return code.some((text) => own.test(text) && around.test(text));
}

test("every setting has an effect, or the log says that it has none yet", () => {
  const dead = [...leavesOf(schema, [])]
    .filter(({ path, told }) => !told && !Object.hasOwn(idle, path.at(-1)!) && !isRead([path.at(-1), path.at(-2)]))
    .map(({ path }) => path.join("."));
  assert.deepEqual([...new Set(dead)], []);
});

test("what is said to have no effect has none", () => {
  const names = new Set([...leavesOf(schema, [])].map(({ path }) => path.at(-1)));
  for (const name of Object.keys(idle)) assert.ok(names.has(name), name);
  const marked = [...leavesOf(schema, [])].filter(({ later }) => later).map(({ path }) => path.at(-1)!);
  const untrue = marked.filter((name) => /_/.test(name) && code.some((text) => word(name).test(text)));
  assert.deepEqual([...new Set(untrue)], []);
});
