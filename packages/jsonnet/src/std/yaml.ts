import { type Document, inDocument, isList, isRecord, quoted } from "../manifest.ts";

/** How YAML is laid out. */
export interface YamlStyle {
  /** Whether lists within objects are indented. */
  readonly indented: boolean;
  /** Whether all names are quoted, or those alone that mean something else without. */
  readonly quoted: boolean;
}

/** A document in YAML. */
export function yamlOf(value: Document, style: YamlStyle, indent = ""): string {
  if (typeof value === "string") return value.endsWith("\n") ? block(value, indent) : quoted(value);
  if (typeof value === "number") return inDocument(value);
  if (value === null || typeof value !== "object") return String(value);
  return isList(value) ? listOf(value, style, indent) : recordOf(value, style, indent);
}

const block = (text: string, indent: string): string =>
  `|\n${text
    .slice(0, -1)
    .split("\n")
    .map((line) => `${indent}  ${line}`)
    .join("\n")}`;

function recordOf(fields: ReadonlyMap<string, Document>, style: YamlStyle, indent: string): string {
  if (fields.size === 0) return "{}";
  return [...fields].map(([name, item]) => `${nameOf(name, style)}:${field(item, style, indent)}`).join(`\n${indent}`);
}

function listOf(list: readonly Document[], style: YamlStyle, indent: string): string {
  if (list.length === 0) return "[]";
  return list.map((value) => `-${item(value, style, indent)}`).join(`\n${indent}`);
}

function item(value: Document, style: YamlStyle, indent: string): string {
  const inner = `${indent}  `;
  if (isFilledList(value)) return `\n${inner}${yamlOf(value, style, inner)}`;
  return ` ${yamlOf(value, style, typeof value === "string" ? indent : inner)}`;
}

function field(value: Document, style: YamlStyle, indent: string): string {
  const inner = isFilledList(value) && !style.indented ? indent : `${indent}  `;
  if (isFilledList(value) || (isRecord(value) && value.size > 0)) return `\n${inner}${yamlOf(value, style, inner)}`;
  return ` ${yamlOf(value, style, indent)}`;
}

const isFilledList = (value: Document): boolean => isList(value) && value.length > 0;

const plain = /^[A-Za-z0-9_./-]+$/;
// Some readers of YAML 1.1 or 1.2 take these for something else than text.
const word = /^(?:true|false|yes|no|on|off|null|y|n|-+)$/i;
const number = /^[-+]?(?:0x[\da-f_]+|0b[01_]+|0o[0-7_]+|(?=[._]*\d)[\d_]*\.?[\d_]*(?:e[-+]?\d+)?|\.inf|\.nan)$/i;
const date = /^\d+-\d+-\d+$/;

const nameOf = (name: string, style: YamlStyle): string =>
  !style.quoted && plain.test(name) && ![word, number, date].some((pattern) => pattern.test(name))
    ? name
    : quoted(name);
