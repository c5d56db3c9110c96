import { jsonFault } from "../text/json-fault.ts";
import { pointerSegment } from "../text/json-pointer.ts";
import { itemOf, memberOf, namesIn, requires, typesOf } from "./facets.ts";
import type { Facets } from "./facets.ts";
import type { IdentitySchema } from "./identity-schema.ts";
import { isObject } from "./limits.ts";
import { readingsOf } from "./scalar-text.ts";
import { traitAt, withTraitAt } from "./trait-at.ts";

type Traits = Record<string, unknown>;
/** Names that nest, down to what was sent by them. */
type Tree = Map<string, Tree | Sent>;
interface Sent {
  readonly value: unknown;
}
type Path = readonly string[];

/** A text that the schema lets mean several things. */
interface Doubt {
  readonly path: Path;
  readonly others: readonly unknown[];
}

const mostDoubts = 32;

/**
 * Gives what came as text the types that the schema knows, and leaves out what it does not know, and blanks. What fits none of the
 * types stays text, for the schema to judge. What came otherwise stays as it is.
 */
export function typeTexts(schema: IdentitySchema, traits: Traits, texts: readonly Path[]): Traits {
  const tree: Tree = new Map();
  for (const path of texts) plant(tree, path, { value: traitAt(traits, path) });
  const rest = without(traits, tree);
  const doubts: Doubt[] = [];
  const typed = readGroup(schema.whole, schema.traits, tree, { path: [], doubts });
  return settle(schema, merge(rest, typed ?? {}), doubts);
}

function plant(tree: Tree, [key, ...rest]: Path, sent: Sent): void {
  if (key === undefined) return;
  const inner = tree.get(key);
  if (!rest.length) tree.set(key, sent);
  else if (inner instanceof Map) plant(inner, rest, sent);
  else {
    const group: Tree = new Map();
    tree.set(key, group);
    plant(group, rest, sent);
  }
}

/** Where a value is read. */
interface Place {
  readonly path: Path;
  readonly doubts: Doubt[];
}

type Root = IdentitySchema["whole"];

/** An object of what was sent; undefined where nothing is left of it. */
function readGroup(root: Root, facets: Facets, tree: Tree, { path, doubts }: Place): Traits | undefined {
  const read: [string, unknown][] = [];
  for (const [name, sent] of tree) {
    const member = memberOf(root, facets, name);
    if (!member) continue;
    const value = readValue(root, member, sent, { path: [...path, name], doubts }, requires(facets, name));
    if (value !== undefined) read.push([name, value]);
  }
  return read.length ? Object.fromEntries(read) : undefined;
}

function readValue(root: Root, facets: Facets, sent: Tree | Sent, place: Place, required: boolean): unknown {
  const types = typesOf(facets);
  if (!(sent instanceof Map)) return readSent(root, facets, sent.value, place, required);
  const indexed = [...sent.keys()].every((key) => /^\d{1,9}$/.test(key));
  if (!indexed || !(types ? types.has("array") : namesIn(facets).length === 0))
    return readGroup(root, facets, sent, place);
  const inOrder = [...sent].sort(([one], [other]) => Number(one) - Number(other));
  // Doubts within lists are decided by their first reading.
  const items = inOrder.map(([, one], at) =>
    readValue(root, itemOf(root, facets, at), one, { ...place, doubts: [] }, false),
  );
  return listed(
    items.filter((item) => item !== undefined),
    required,
  );
}

const listed = (items: readonly unknown[], required: boolean): readonly unknown[] | undefined =>
  items.length || required ? items : undefined;

function readSent(root: Root, facets: Facets, value: unknown, place: Place, required: boolean): unknown {
  if (isObject(value)) return value;
  const types = typesOf(facets);
  const all = (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) => one ?? "");
  const said = all.filter((one) => one !== "");
  // Nothing says that it is one value.
  if (!types && Array.isArray(value)) return value as unknown[];
  if (types?.has("array")) return listed(readList(root, facets, said), required);
  // A form sends a hidden "false" before its check box: of several the last one counts, and of other texts the first.
  const one = types?.has("boolean") ? all.at(-1) : said[0];
  if (one === undefined || one === "") return blankOf(types, required);
  if (typeof one === "object") return one;
  const text = String(one);
  if (types?.has("object") && text.startsWith("{")) return jsonIn(text);
  const [first, ...others] = readingsOf(text, types);
  if (others.length) place.doubts.push({ path: place.path, others });
  return first ?? text;
}

function readList(root: Root, facets: Facets, said: readonly unknown[]): unknown[] {
  const [only] = said;
  const items = typesOf(itemOf(root, facets, 0));
  if (said.length === 1 && typeof only === "string" && only.startsWith("[") && !items?.has("string"))
    return [jsonIn(only)].flat();
  return said.map((one, at) => readSent(root, itemOf(root, facets, at), one, { path: [], doubts: [] }, true));
}

/** What an empty field means that may not be left out. */
function blankOf(types: ReadonlySet<string> | undefined, required: boolean): unknown {
  if (!required || !types) return undefined;
  if (types.has("boolean")) return false;
  return types.has("null") ? null : undefined;
}

function jsonIn(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    // What escapes hold was hidden from whoever looked at the text.
    return jsonFault(json) === undefined ? json : text;
  } catch {
    return text;
  }
}

/** Decides what texts mean by which of their readings the schema has nothing against. */
function settle({ validate }: IdentitySchema, traits: Traits, doubts: readonly Doubt[]): Traits {
  let settled = traits;
  for (const { path, others } of doubts.slice(0, mostDoubts)) {
    const at = `/traits/${path.map(pointerSegment).join("/")}`;
    const fits = (some: Traits) =>
      validate({ traits: some }) || !validate.errors?.some(({ instancePath }) => instancePath === at);
    if (fits(settled)) continue;
    settled = others.map((other) => withTraitAt(settled, path, other)).find(fits) ?? settled;
  }
  return settled;
}

/** What came nested, with what came by names. */
function merge(rest: Traits, typed: Traits): Traits {
  const entries = Object.entries(typed).map(([key, value]) => {
    const before = Object.hasOwn(rest, key) ? rest[key] : undefined;
    return [key, isObject(before) && isObject(value) ? merge(before, value) : value] as const;
  });
  return { ...rest, ...Object.fromEntries(entries) };
}

/** Traits without what came as text, and without the groups that were only there for it. */
function without(traits: Traits, tree: Tree): Traits {
  const left = Object.entries(traits).flatMap(([key, value]): [string, unknown][] => {
    const sent = tree.get(key);
    if (!(sent instanceof Map) || !isObject(value)) return sent ? [] : [[key, value]];
    const inner = without(value, sent);
    return Object.keys(inner).length ? [[key, inner]] : [];
  });
  return Object.fromEntries(left);
}
