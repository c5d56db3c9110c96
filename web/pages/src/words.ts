import { readFileSync } from "node:fs";
import type { Message } from "./flow.ts";
import { languages } from "./languages.ts";

/** Texts by their keys: a message's id, or the name of a text of the pages themselves. */
export type Texts = Readonly<Record<string, string>>;

/** What pages say, in one language. */
export interface Words {
  readonly language: string;
  /** A text of the pages themselves. */
  text(key: string, values?: Readonly<Record<string, unknown>>): string;
  /** What a flow says; what no language knows stays as it came. */
  say(message: Message): string;
  /** The label of a trait, by its node's name, where the site has a translation of its own. */
  label(name: string): string | undefined;
  moment(time: string | Date): string;
}

/** Reads the languages that come along from a folder, each when it is first asked for. */
export function readLanguages(folder: URL): (language: string) => Texts {
  const read = new Map<string, Texts>();
  return (language) => {
    const known = read.get(language);
    if (known) return known;
    const texts = Object.hasOwn(languages, language)
      ? (JSON.parse(readFileSync(new URL(`${language}.json`, folder), "utf8")) as Texts)
      : {};
    read.set(language, texts);
    return texts;
  };
}

/** What pages say in a language: the site's own words first, then those that come along, in English at last. */
export function wordsOf(language: string, ...sources: readonly Texts[]): Words {
  const find = (key: string): string | undefined => sources.find((texts) => Object.hasOwn(texts, key))?.[key];
  const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  const moment = (time: string | Date) => `${moments.format(new Date(time))} UTC`;
  const shown = (value: unknown): string => {
    if (typeof value === "number") return new Intl.NumberFormat(language).format(value);
    if (Array.isArray(value)) return new Intl.ListFormat(language, { type: "disjunction" }).format(value.map(String));
    if (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return moment(value);
    return String(value);
  };
  const fill = (text: string, values: Readonly<Record<string, unknown>>): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? shown(values[name]) : whole));
  return {
    language,
    text: (key, values = {}) => fill(find(key) ?? key, values),
    say: ({ id, text, context }) => fill(find(String(id)) ?? text, context ?? {}),
    label: (name) => find(`label.${name}`),
    moment,
  };
}
