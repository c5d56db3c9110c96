import { type Document, documentOf, inDocument, isList, type Layout, manifestJson, quoted } from "../manifest.ts";
import { fail } from "../error.ts";
import { numeral } from "../numerals.ts";
import { type Items, JsonnetObject, type Value } from "../value.ts";
import { type Machine, native } from "./native.ts";
import { tomlOf } from "./toml.ts";
import { yamlOf } from "./yaml.ts";

const wide: Layout = { indent: "    ", newline: "\n", colon: ": ", comma: ",", number: inDocument };
const minified: Layout = { ...wide, indent: "", newline: "", colon: ":" };

/** Values as documents in other languages. */
export const manifests = {
  manifestJson: native([["value", "any"]], ({ budget }, value) => manifestJson(budget, value, wide)),
  manifestJsonMinified: native([["value", "any"]], ({ budget }, value) => manifestJson(budget, value, minified)),
  manifestJsonEx: native(
    [
      ["value", "any"],
      ["indent", "string"],
      ["newline", "string", "\n"],
      ["key_val_sep", "string", ": "],
    ],
    ({ budget }, value, indent, newline, colon) => manifestJson(budget, value, { ...wide, indent, newline, colon }),
  ),
  manifestYamlDoc: native(
    [
      ["value", "any"],
      ["indent_array_in_object", "boolean", false],
      ["quote_keys", "boolean", true],
    ],
    ({ budget }, value, indented, quoted) => yamlOf(documentOf(budget, value), { indented, quoted }),
  ),
  manifestYamlStream: native(
    [
      ["value", "array"],
      ["indent_array_in_object", "boolean", false],
      ["c_document_end", "boolean", true],
      ["quote_keys", "boolean", true],
    ],
    ({ budget }, documents, indented, ended, quoted) => {
      const texts = documents.map((document) => yamlOf(documentOf(budget, document.get()), { indented, quoted }));
      return `---\n${texts.join("\n---\n")}${ended ? "\n...\n" : "\n"}`;
    },
  ),
  manifestToml: native([["value", "object"]], ({ budget }, value) => tomlOf(documentOf(budget, value), "  ")),
  manifestTomlEx: native(
    [
      ["value", "object"],
      ["indent", "string"],
    ],
    ({ budget }, value, indent) => tomlOf(documentOf(budget, value), indent),
  ),
  manifestIni: native([["ini", "object"]], (machine, document) => ini(machine, document)),
  manifestPython: native([["v", "any"]], ({ budget }, value) => python(documentOf(budget, value))),
  manifestPythonVars: native([["conf", "object"]], ({ budget }, object) =>
    object
      .names()
      .map((name) => `${name} = ${python(documentOf(budget, object.get(name)))}\n`)
      .join(""),
  ),
  manifestXmlJsonml: native([["value", "array"]], xml),
};

function ini(machine: Machine, document: JsonnetObject): string {
  const section = (value: Value): string[] => {
    if (!(value instanceof JsonnetObject)) return fail("a section of an INI document has to be an object");
    return value.names().flatMap((name) => iniLines(machine, name, value.get(name)));
  };
  const main = document.has("main") ? section(document.get("main")) : [];
  const sections = document.get("sections");
  if (!(sections instanceof JsonnetObject)) return fail("an INI document needs an object of sections");
  const rest = sections.names().flatMap((name) => [`[${name}]`, ...section(sections.get(name))]);
  return [...main, ...rest].map((line) => `${line}\n`).join("");
}

/** One line, or one for each of several values. */
const iniLines = ({ operators }: Machine, name: string, value: Value): string[] =>
  (Array.isArray(value) ? (value as Items).map((item) => item.get()) : [value]).map(
    (item) => `${name} = ${operators.text(item)}`,
  );

function python(value: Document): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numeral(value);
  if (typeof value === "string") return quoted(value);
  if (isList(value)) return `[${value.map(python).join(", ")}]`;
  return `{${[...value].map(([name, item]) => `${quoted(name)}: ${python(item)}`).join(", ")}}`;
}

/** `["tag", { attribute: "value" }, "text", ["child"]]`. Nothing is escaped, as everywhere: that is the program's to do, by `std.escapeStringXML`. */
function xml(machine: Machine, [tag, ...rest]: Items): string {
  const { budget, operators } = machine;
  budget.charge(1);
  const name = tag?.get();
  if (typeof name !== "string") return fail("an element of XML begins with its name");
  const first = rest[0]?.get();
  const attributes =
    first instanceof JsonnetObject ? first.names().map((one) => ` ${one}="${operators.text(first.get(one))}"`) : [];
  const children = first instanceof JsonnetObject ? rest.slice(1) : rest;
  const inside = budget.deeper(() => children.map((child) => xmlChild(machine, child.get())));
  return [`<${name}`, ...attributes, ">", ...inside, `</${name}>`].join("");
}

function xmlChild(machine: Machine, child: Value): string {
  if (typeof child === "string") return child;
  return Array.isArray(child)
    ? xml(machine, child as Items)
    : fail("within an element of XML stand texts and elements");
}
