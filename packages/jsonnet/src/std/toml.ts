import { fail } from "../error.ts";
import { type Document, isList, isRecord, quoted } from "../manifest.ts";
import { numeral } from "../numerals.ts";

type Fields = ReadonlyMap<string, Document>;

/** A document in TOML: an object whose objects are tables, and whose lists of objects are arrays of tables. */
export function tomlOf(value: Document, indent: string): string {
  return isRecord(value)
    ? tableOf(value, { path: [], indent, margin: "" })
    : fail("a document in TOML has to be an object");
}

interface Place {
  readonly path: readonly string[];
  readonly indent: string;
  readonly margin: string;
}

/** What a table says itself, and then its tables. */
function tableOf(fields: Fields, place: Place): string {
  const [own, tables]: [string[], string[]] = [[], []];
  for (const [name, value] of fields) {
    if (isRecord(value)) tables.push(section("[", "]", name, value, place));
    else if (isListOfTables(value)) tables.push(...value.map((one) => section("[[", "]]", name, one, place)));
    else own.push(`${place.margin}${nameOf(name)} = ${blockOf(value, place)}`);
  }
  return [own.join("\n"), ...tables].join("\n\n");
}

function section(open: string, close: string, name: string, fields: Fields, { path, indent, margin }: Place): string {
  const own = [...path, name];
  const heading = `${margin}${open}${own.map(nameOf).join(".")}${close}`;
  return fields.size === 0 ? heading : `${heading}\n${tableOf(fields, { path: own, indent, margin: margin + indent })}`;
}

const isListOfTables = (value: Document): value is readonly Fields[] =>
  isList(value) && value.length > 0 && value.every(isRecord);

/** A list has a line for each item, which stand in one line themselves. */
function blockOf(value: Document, { indent, margin }: Place): string {
  if (!isList(value) || value.length === 0) return inline(value);
  return `[\n${value.map((item) => margin + indent + inline(item)).join(",\n")}\n${margin}]`;
}

function inline(value: Document): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return numeral(value);
  if (typeof value === "boolean") return String(value);
  if (value === null) return fail("TOML cannot say null");
  if (isList(value)) return value.length === 0 ? "[]" : `[ ${value.map(inline).join(", ")} ]`;
  return `{ ${[...value].map(([name, item]) => `${nameOf(name)} = ${inline(item)}`).join(", ")} }`;
}

const nameOf = (name: string): string => (/^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name));
