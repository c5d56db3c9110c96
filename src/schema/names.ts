import { pointerSegment } from "../text/json-pointer.ts";
import type { Dialect } from "./dialect.ts";
import { isObject } from "./limits.ts";

/** A part of a document that has an address of its own, as the document as a whole has. */
export interface Resource {
  readonly address: string;
  /** Where it stands in its document, without the #. */
  readonly pointer: string;
}

/** What a document's parts are called. */
export interface Names {
  /** For each schema within, the resource that it belongs to, by which its references are read. */
  readonly resources: ReadonlyMap<object, Resource>;
  /** Where the parts stand that have a name: addresses, with the anchor behind # where there is one. */
  readonly targets: ReadonlyMap<string, string>;
}

/** Keywords that hold schemas by names of their author's choice. */
const tables = new Set(["properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas"]);
/** Keywords that hold data, whatever it looks like. */
const data = new Set(["const", "enum", "default", "examples"]);

/** Finds the schemas of a document and what they call themselves: by `$id`, `$anchor`, or in old drafts by an `$id` that is a fragment. */
export function namesOf(document: unknown, address: string, dialect: Dialect): Names {
  const resources = new Map<object, Resource>();
  const targets = new Map<string, string>([[address, ""]]);
  const naming = dialect === "04" ? "id" : "$id";

  function visit(node: unknown, pointer: string, outer: Resource): void {
    if (Array.isArray(node)) return node.forEach((inner, at) => visit(inner, `${pointer}/${at}`, outer));
    if (!isObject(node)) return;
    const own = ownResource(node, pointer, outer);
    resources.set(node, own);
    for (const [key, inner] of Object.entries(node)) {
      if (data.has(key)) continue;
      const at = `${pointer}/${escaped(key)}`;
      if (!tables.has(key) || !isObject(inner)) visit(inner, at, own);
      else for (const [name, one] of Object.entries(inner)) visit(one, `${at}/${escaped(name)}`, own);
    }
  }

  function ownResource(schema: Record<string, unknown>, pointer: string, outer: Resource): Resource {
    const { [naming]: id, $anchor: anchor } = schema;
    const [own = "", fragment = ""] = typeof id === "string" && schema["$ref"] === undefined ? id.split("#") : [];
    const named = own !== "" && URL.canParse(own, outer.address);
    const resource = named && pointer !== "" ? { address: new URL(own, outer.address).href, pointer } : outer;
    if (resource !== outer && !targets.has(resource.address)) targets.set(resource.address, pointer);
    for (const name of [fragment, typeof anchor === "string" ? anchor : ""])
      if (name && !name.startsWith("/") && !targets.has(`${resource.address}#${name}`))
        targets.set(`${resource.address}#${name}`, pointer);
    return resource;
  }

  visit(document, "", { address, pointer: "" });
  return { resources, targets };
}

const escaped = (key: string): string => encodeURIComponent(pointerSegment(key));
