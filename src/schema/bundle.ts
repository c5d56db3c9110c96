import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SchemaRefused, assertBearable, isObject } from "./limits.ts";

/** Reads the document at an address. */
export type ReadSchema = (url: string) => Promise<unknown>;

interface Loaded {
  /** Where it stands in the whole; "#" for the document that the others are gathered into. */
  readonly pointer: string;
  readonly base: string;
  readonly document: unknown;
  /** Whether the web had a part in it: it was read from there, or named by what was. */
  readonly ofWeb: boolean;
}

type Load = (address: string, from: Loaded) => Promise<Loaded>;

const mostDocuments = 32;

/** Whether an address is on another server. */
export const isOfWeb = (url: string): boolean => /^https?:/i.test(url);

/**
 * A schema as one document: what it refers to elsewhere becomes definitions of its own, and every reference a pointer
 * within it. So the limits hold across documents, and whatever judges schemas sees nothing but pointers.
 */
export async function bundle(document: unknown, url: string, read: ReadSchema): Promise<Record<string, unknown>> {
  const name = unusedName(document);
  const first: Loaded = { pointer: "#", base: baseOf(document, url), document, ofWeb: isOfWeb(url) };
  const known = new Map<string, Loaded>([[first.base, first], [absolute(url), first]]);
  const others: Loaded[] = [];

  async function load(address: string, from: Loaded): Promise<Loaded> {
    const before = known.get(address);
    if (before) return before;
    // Another server must not say what is read here, and told in the log.
    if (from.ofWeb && /^file:/i.test(address)) throw new SchemaRefused(`A schema of another server refers to the file ${shown(address)}.`);
    if (others.length + 1 >= mostDocuments) throw new SchemaRefused(`The schema refers to more than ${mostDocuments - 1} other documents.`);
    const other = await read(address);
    assertBearable(other);
    const loaded = { pointer: `#/definitions/${name}-${others.length}`, base: baseOf(other, address), document: other, ofWeb: from.ofWeb || isOfWeb(address) };
    others.push(loaded);
    known.set(address, loaded);
    if (!known.has(loaded.base)) known.set(loaded.base, loaded);
    return loaded;
  }

  const whole = { ...(await pointing(document, first, load)) };
  const gathered: Record<string, unknown> = {};
  // The list grows while it is gone through: what is gathered refers to more.
  for (const other of others) gathered[other.pointer.slice("#/definitions/".length)] = await pointing(other.document, other, load);
  if (others.length) whole["definitions"] = { ...(isObject(whole["definitions"]) ? whole["definitions"] : {}), ...gathered };
  return whole;
}

/** A copy whose references are pointers into the whole. Addresses of its parts have no use any more, and would mislead. */
async function pointing(node: unknown, from: Loaded, load: Load): Promise<Record<string, unknown>> {
  const found = new Map<string, string>();
  for (const ref of refsOf(node)) if (!found.has(ref)) found.set(ref, await pointerOf(ref, from, load));
  const copy = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(copy);
    if (!isObject(part)) return part;
    const kept = Object.entries(part).filter(([key, value]) => key !== "$id" || typeof value !== "string");
    return Object.fromEntries(kept.map(([key, value]) => [key, key === "$ref" && typeof value === "string" ? found.get(value) : copy(value)]));
  };
  return copy(node) as Record<string, unknown>;
}

function refsOf(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === "$ref" && typeof value === "string" && !Array.isArray(node) ? [value] : refsOf(value)));
}

async function pointerOf(ref: string, from: Loaded, load: Load): Promise<string> {
  const hash = ref.indexOf("#");
  const [address, fragment] = hash < 0 ? [ref, ""] : [ref.slice(0, hash), ref.slice(hash + 1)];
  if (fragment !== "" && !fragment.startsWith("/")) throw new SchemaRefused(`The reference ${shown(ref)} is no JSON pointer.`);
  const target = address === "" ? from : await load(resolved(address, from.base), from);
  return target.pointer + fragment;
}

function resolved(address: string, base: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return absolute(address);
  if (base.startsWith("base64:") || !URL.canParse(address, base)) throw new SchemaRefused(`The reference ${shown(address)} leads nowhere: the schema has no address of its own.`);
  return new URL(address, base).href;
}

/** What references are relative to: the address that the document gives itself, else the one it was read from. */
function baseOf(document: unknown, url: string): string {
  const id = isObject(document) && typeof document["$id"] === "string" ? document["$id"].replace(/#.*$/, "") : "";
  return id && URL.canParse(id, absolute(url)) && !(url.startsWith("base64:") && !URL.canParse(id)) ? new URL(id, absolute(url)).href : absolute(url);
}

/** As in Kratos, file://./x is relative to where the server was started. */
const absolute = (url: string): string => (url.startsWith("file://.") ? pathToFileURL(resolve(url.slice("file://".length))).href : url);

const shown = (ref: string): string => JSON.stringify(ref.slice(0, 80));

/** The beginning of names that no definition of the document has. */
function unusedName(document: unknown): string {
  const taken = isObject(document) && isObject(document["definitions"]) ? Object.keys(document["definitions"]) : [];
  let name = "elsewhere";
  while (taken.some((key) => key.startsWith(name))) name += "-";
  return name;
}
