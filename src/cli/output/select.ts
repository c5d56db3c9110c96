import { segmentsOf } from "../../text/json-pointer.ts";
import { misuse } from "../command.ts";
import type { Format } from "./format.ts";
import { readGjsonPath } from "./gjson-path.ts";

/**
 * What a format shows of data. Throws, before there is any, where its path cannot be read: it should not be known only after the work
 * is done.
 */
export async function selectionOf(format: Format): Promise<(data: unknown) => unknown> {
  if (format.kind === "jsonpointer") return (data) => atPointer(data, format.path);
  if (format.kind !== "jsonpath") return (data) => data;
  try {
    return format.path.startsWith("$") ? await standardPath(format.path) : readGjsonPath(format.path);
  } catch (error) {
    throw misuse(`--format ${(error as Error).message}`);
  }
}

/** A path of RFC 9535: one value where it can lead to no more, else all of them. */
async function standardPath(path: string): Promise<(data: unknown) => unknown> {
  const { jsonpath } = await import("json-p3");
  const query = jsonpath.compile(path);
  return (data) => {
    const values = query.query(data as never).values();
    return query.singularQuery() ? values[0] : values;
  };
}

function atPointer(data: unknown, pointer: string): unknown {
  let value = data;
  for (const segment of segmentsOf(pointer)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment))
      throw new Error(`nothing is at ${pointer}.`);
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}
