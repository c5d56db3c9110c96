import { pathToFileURL } from "node:url";
import { isFile, pathOfFile } from "../outgoing/file-url.ts";
import { dialectOf, familyOf, keywordsOf } from "./dialect.ts";
import type { Dialect } from "./dialect.ts";
import { SchemaRefused, assertWithinLimits, isObject } from "./limits.ts";
import { namesOf } from "./names.ts";
import type { Names, Resource } from "./names.ts";
import { referred } from "./references.ts";

/** Reads the document at an address. */
export type ReadSchema = (url: string) => Promise<unknown>;

/** A schema as one document, and how it is to be read. */
export interface Bundle {
  readonly whole: Record<string, unknown>;
  readonly dialect: Dialect;
}

interface Loaded {
  /** Where it stands in the whole; "#" for the document that the others are gathered into. */
  readonly pointer: string;
  readonly base: string;
  readonly document: unknown;
  readonly dialect: Dialect;
  readonly names: Names;
  /** Whether the web had a part in it: it was read from there, or named by what was. */
  readonly ofWeb: boolean;
}

type Load = (address: string, from: Loaded) => Promise<Loaded>;

const mostDocuments = 32;
/** What references of a document are relative to that has no address. */
const nowhere = "embedded:/";

/** Whether an address is on another server. */
export const isOfWeb = (url: string): boolean => /^https?:/i.test(url);

/**
 * A schema as one document: what it refers to elsewhere becomes definitions of its own, and every reference a pointer
 * within it. So the limits hold across documents, and whatever judges schemas sees nothing but pointers.
 */
export async function bundle(document: unknown, url: string, read: ReadSchema): Promise<Bundle> {
  const prefix = unusedName(document);
  const first = loadedFrom(document, url, "#", isOfWeb(url));
  const known = new Map<string, Loaded>([
    [first.base, first],
    [absolute(url), first],
  ]);
  const others: Loaded[] = [];

  async function load(address: string, from: Loaded): Promise<Loaded> {
    if (address.startsWith(nowhere) || !URL.canParse(address))
      throw new SchemaRefused(`The reference ${shown(address)} leads nowhere: the schema has no address of its own.`);
    const before = known.get(address);
    if (before) return before;
    // Another server must not say what is read here, and told in the log.
    if (from.ofWeb && /^file:/i.test(address))
      throw new SchemaRefused(`A schema of another server refers to the file ${shown(address)}.`);
    if (others.length + 1 >= mostDocuments)
      throw new SchemaRefused(`The schema refers to more than ${mostDocuments - 1} other documents.`);
    const other = await read(address);
    assertWithinLimits(other);
    const loaded = loadedFrom(
      other,
      address,
      `#/definitions/${prefix}-${others.length}`,
      from.ofWeb || isOfWeb(address),
    );
    if (familyOf(loaded.dialect) !== familyOf(first.dialect))
      throw new SchemaRefused(
        `The schema is of draft ${first.dialect} and refers to ${shown(address)}, which is of draft ${loaded.dialect}.`,
      );
    others.push(loaded);
    known.set(address, loaded);
    if (!known.has(loaded.base)) known.set(loaded.base, loaded);
    return loaded;
  }

  const whole = { ...((await pointing(first, load)) as Record<string, unknown>) };
  const gathered: Record<string, unknown> = {};
  // The list grows while it is gone through: what is gathered refers to more.
  for (const other of others) gathered[other.pointer.slice("#/definitions/".length)] = await pointing(other, load);
  if (others.length)
    whole["definitions"] = { ...(isObject(whole["definitions"]) ? whole["definitions"] : {}), ...gathered };
  return { whole, dialect: first.dialect };
}

function loadedFrom(document: unknown, url: string, pointer: string, ofWeb: boolean): Loaded {
  const dialect = dialectOf(document);
  const base = baseOf(document, url, dialect);
  return { pointer, base, document, dialect, names: namesOf(document, base, dialect), ofWeb };
}

/** A copy in which every schema says what its dialect lets it say, and every reference is a pointer into the whole. */
async function pointing(from: Loaded, load: Load): Promise<unknown> {
  const { resources } = from.names;
  const found = new Map<object, string>();
  for (const [schema, resource] of resources) {
    const ref = (schema as Record<string, unknown>)["$ref"];
    if (typeof ref === "string") found.set(schema, await pointerOf(ref, from, resource, load));
  }
  const copy = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(copy);
    if (!isObject(part)) return part;
    const kept = resources.has(part) ? keywordsOf(part, from.dialect) : part;
    const target = found.get(part);
    return Object.fromEntries(
      Object.entries(kept).map(([key, value]) => [key, key === "$ref" && target !== undefined ? target : copy(value)]),
    );
  };
  return copy(from.document);
}

async function pointerOf(ref: string, from: Loaded, resource: Resource, load: Load): Promise<string> {
  const hash = ref.indexOf("#");
  const [own, fragment] = hash < 0 ? [ref, ""] : [ref.slice(0, hash), ref.slice(hash + 1)];
  const address = own === "" ? resource.address : resolved(own, resource.address);
  const here = from.names.targets.has(address);
  const target = here ? from : await load(address, from);
  const part = target.names.targets.get(here ? address : target.base) ?? "";
  if (fragment === "") return target.pointer + part;
  if (!fragment.startsWith("/"))
    return target.pointer + anchorOf(ref, `${here ? address : target.base}#${fragment}`, target);
  // Many a generator names parts, and refers to others from the root all the same.
  const within = isObject(target.document) && referred(target.document, `#${part}${fragment}`) !== undefined;
  return target.pointer + (within ? part : "") + fragment;
}

function anchorOf(ref: string, name: string, { names }: Loaded): string {
  const part = names.targets.get(name);
  if (part === undefined)
    throw new SchemaRefused(`The reference ${shown(ref)} names no part of the document that it leads to.`);
  return part;
}

function resolved(address: string, base: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return absolute(address);
  return URL.canParse(address, base) ? new URL(address, base).href : address;
}

/** What references are relative to: the address that the document gives itself, else the one it was read from. */
function baseOf(document: unknown, url: string, dialect: Dialect): string {
  const said = isObject(document) ? document[dialect === "04" ? "id" : "$id"] : undefined;
  const id = typeof said === "string" ? said.replace(/#.*$/, "") : "";
  const read = url.startsWith("base64:") ? nowhere : absolute(url);
  return id && URL.canParse(id, read) ? new URL(id, read).href : read;
}

/** A file by its whole path, so that one is known by one address. */
const absolute = (url: string): string => (isFile(url) ? pathToFileURL(pathOfFile(url)).href : url);

const shown = (ref: string): string => JSON.stringify(ref.slice(0, 80));

/** The beginning of names that no definition of the document has. */
function unusedName(document: unknown): string {
  const taken = isObject(document) && isObject(document["definitions"]) ? Object.keys(document["definitions"]) : [];
  let name = "elsewhere";
  while (taken.some((key) => key.startsWith(name))) name += "-";
  return name;
}
