import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { isMap, isNode, isPair, LineCounter, parseAllDocuments, type Document, type ScalarTag, type Tags } from "yaml";
import type { Path } from "./check.ts";

/** A configuration file as read, and where things stand in it. */
export interface ConfigFile {
  readonly name: string;
  readonly content: unknown;
  /** The line on which a path is written; undefined if it is not written here. */
  lineOf(path: Path): number | undefined;
}

/** A mode such as 0750 is octal to Kratos, as it was in YAML 1.1. */
const octal: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
};
const customTags = (tags: Tags): Tags => [octal, ...tags];

/** Reads a configuration file: YAML, of which JSON is a part. Answers with what is wrong if it is not readable. */
export function readConfigFile(name: string): ConfigFile | { readonly problem: string } {
  const kind = extname(name).toLowerCase() === ".json" ? "JSON" : "YAML";
  if (extname(name).toLowerCase() === ".toml")
    return { problem: `${name}: TOML is not read; write it as YAML or JSON` };
  let source: string;
  try {
    source = readFileSync(name, "utf8");
  } catch (error) {
    return { problem: `${name}: cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, merge: true, uniqueKeys: kind === "YAML", customTags };
  // Of several documents in a file Kratos reads the first.
  const [document] = parseAllDocuments(source, options) as Document.Parsed[];
  if (!document) return { name, content: {}, lineOf: () => undefined };
  const error = document.errors[0];
  // The parser's own words stay out where they would quote the line: it may hold a secret.
  if (error) return { problem: `${name}:${lines.linePos(error.pos[0]).line}: not valid ${kind} (${error.code})` };
  try {
    return { name, content: document.toJS() ?? {}, lineOf: (path) => lineOf(document, lines, path) };
  } catch {
    return { problem: `${name}: not valid ${kind} (aliases go astray)` };
  }
}

function lineOf(document: Document, lines: LineCounter, path: Path): number | undefined {
  const last = path.at(-1);
  if (last === undefined) return 1;
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const pair = isMap(parent) && parent.items.find((item) => isPair(item) && String(item.key) === String(last));
  const node = pair ? pair.key : document.getIn(path, true);
  return isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;
}
