import { parseAllDocuments, type Tags } from "yaml";
import { fail } from "../error.ts";
import { fromJson } from "../manifest.ts";
import { native } from "./native.ts";

/** Documents in other languages as values. */
export const parsing = {
  parseJson: native([["str", "string"]], ({ budget, operators }, text) => {
    budget.charge(text.length / 4);
    return fromJson(json(text), operators.add);
  }),
  parseYaml: native([["str", "string"]], ({ budget, operators }, text) => {
    budget.charge(text.length / 2);
    return fromJson(yaml(text), operators.add);
  }),
};

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail("the text is no JSON");
  }
}

/** A text with a line that begins a document is a list of documents, even of one. */
function yaml(text: string): unknown {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    customTags: tagsOfJson,
    stringKeys: true,
    uniqueKeys: false,
    logLevel: "silent",
  });
  if (!Array.isArray(documents)) return null;
  const [wrong] = documents.flatMap(({ errors }) => errors);
  if (wrong) fail(`the text is no YAML: ${wrong.message.split("\n")[0]}`);
  const values = documents.map((document) => plain(() => document.toJS({ maxAliasCount: 20 }) as unknown));
  return /^---(?:\s|$)/m.test(text) ? values : values[0];
}

function plain(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return fail("the text refers to itself too often, or to what there is not");
  }
}

/** Of YAML 1.1, in whose time `yes` was true, without what JSON has no type for: moments, hours and minutes, sets and the like stay texts. */
const tagsOfJson = (tags: Tags): Tags =>
  tags.filter(
    (tag) =>
      typeof tag !== "object" || (!/:(?:timestamp|binary|omap|pairs|set)$/.test(tag.tag) && tag.format !== "TIME"),
  );
