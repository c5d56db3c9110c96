import { readFileSync } from "node:fs";
import type { JsonObject } from "@bufbuild/protobuf";
import { parse } from "yaml";

/** What a YAML or JSON file holds: settings by their names. Throws in a sentence where it holds something else. */
export function readTree(file: string): JsonObject {
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read`, { cause: error });
  }
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new Error(`${file} must contain an object.`);
  return content as JsonObject;
}
