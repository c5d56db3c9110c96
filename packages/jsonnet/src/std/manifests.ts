import { parse } from "yaml";
import { fail } from "../error.ts";
import { fromJson, type JsonValue, manifestJson, toJson } from "../manifest.ts";
import type { JsonnetObject } from "../value.ts";
import { type Machine, native } from "./native.ts";

const wide = { indent: "    ", newline: "\n", colon: ": ", comma: ", " };
const minified = { indent: "", newline: "", colon: ":", comma: "," };

/** Values as documents in other languages. */
export const manifests = {
  manifestJson: native([["value", "any"]], ({ budget }, value) => manifestJson(budget, value, wide)),
  manifestJsonMinified: native([["value", "any"]], ({ budget }, value) => manifestJson(budget, value, minified)),
  manifestJsonEx: native(
    [["value", "any"], ["indent", "string"], ["newline", "string", "\n"], ["key_val_sep", "string", ": "]],
    ({ budget }, value, indent, newline, colon) => manifestJson(budget, value, { indent, newline, colon, comma: ", " }),
  ),
  manifestYamlDoc: native(
    [["value", "any"], ["indent_array_in_object", "boolean", false], ["quote_keys", "boolean", true]],
    ({ budget }, value, indented, quoted) => yaml(toJson(budget, value), { indented, quoted }, ""),
  ),
  manifestYamlStream: native(
    [["value", "array"], ["indent_array_in_object", "boolean", false], ["c_document_end", "boolean", true], ["quote_keys", "boolean", true]],
    ({ budget }, documents, indented, ended, quoted) => {
      const texts = documents.map((document) => `---\n${yaml(toJson(budget, document.get()), { indented, quoted }, "")}`);
      return texts.join("\n") + (ended ? "\n...\n" : "\n");
    },
  ),
  manifestIni: native([["ini", "object"]], (machine, document) => ini(machine, document)),
  manifestPython: native([["v", "any"]], ({ budget }, value) => python(toJson(budget, value))),
  parseYaml: native([["str", "string"]], ({ budget, operators }, value) => {
    budget.charge(value.length / 2);
    return fromJson(fromYaml(value), operators.add);
  }),
};

interface YamlStyle {
  readonly indented: boolean;
  readonly quoted: boolean;
}

function yaml(value: JsonValue, style: YamlStyle, indent: string): string {
  if (typeof value === "string" && value.endsWith("\n"))
    return `|\n${value.slice(0, -1).split("\n").map((line) => `${indent}  ${line}`).join("\n")}`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return yamlList(value as readonly JsonValue[], style, indent);
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  return entries.map(([name, item]) => `${yamlName(name, style)}:${yamlField(item, style, indent)}`).join(`\n${indent}`);
}

function yamlList(list: readonly JsonValue[], style: YamlStyle, indent: string): string {
  if (list.length === 0) return "[]";
  const item = (value: JsonValue) => (isFilledList(value) ? `\n${indent}  ` : " ") + yaml(value, style, `${indent}  `);
  return list.map((value) => `-${item(value)}`).join(`\n${indent}`);
}

function yamlField(value: JsonValue, style: YamlStyle, indent: string): string {
  const inner = isFilledList(value) && !style.indented ? indent : `${indent}  `;
  if (isFilledList(value) || isFilledObject(value)) return `\n${inner}${yaml(value, style, inner)}`;
  return ` ${yaml(value, style, indent)}`;
}

const isFilledList = (value: JsonValue): boolean => Array.isArray(value) && value.length > 0;
const isFilledObject = (value: JsonValue): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** Names that mean something else without quotes keep them. */
const yamlName = (name: string, { quoted }: YamlStyle): string =>
  quoted || !/^[A-Za-z_][\w/-]*$/.test(name) || /^(?:true|false|yes|no|on|off|null|y|n)$/i.test(name) ? JSON.stringify(name) : name;

function ini({ budget, operators }: Machine, document: JsonnetObject): string {
  const { main, sections } = toJson(budget, document) as Record<string, Record<string, JsonValue>>;
  const words = (value: JsonValue) => (typeof value === "string" ? value : operators.text(fromJson(value, operators.add)));
  const lines = (section: Record<string, JsonValue>) =>
    Object.entries(section).flatMap(([name, value]) =>
      (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).map((item) => `${name} = ${words(item)}`),
    );
  const rest = Object.entries(sections ?? fail("an INI document needs sections"));
  const all = [...lines(main ?? {}), ...rest.flatMap(([name, section]) => [`[${name}]`, ...lines(section as Record<string, JsonValue>)])];
  return all.map((line) => `${line}\n`).join("");
}

function python(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(python).join(", ")}]`;
  return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${python(item)}`).join(", ")}}`;
}

function fromYaml(value: string): unknown {
  try {
    return parse(value, { maxAliasCount: 20 });
  } catch {
    return fail("the text is no YAML");
  }
}
