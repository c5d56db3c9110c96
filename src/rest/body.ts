import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Readable } from "node:stream";
import { duplicateMember } from "./duplicates.ts";

/** A body that cannot be read, and what to tell of it. */
export class BodyError extends Error {
  override readonly name = "BodyError";
  readonly kind: "malformed" | "unsupported" | "too-large";

  constructor(kind: BodyError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A body, read. */
export interface Body {
  readonly json: JsonValue;
  /** Whether it was a form, whose values are all text. */
  readonly form: boolean;
}

/** What a body may be. */
export interface BodyOptions {
  readonly forms: boolean;
}

/** Reads a body of a known size at most. What is larger is left where it is, so that it can be answered. */
export async function collect(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyError("too-large", `The body is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

/** Reads JSON, or a form where the call takes forms. */
export function parseBody(bytes: Buffer, contentType: string, { forms }: BodyOptions): Body {
  const type = contentType.split(";")[0]!.trim().toLowerCase();
  if (bytes.length === 0) throw new BodyError("malformed", "The body is empty.");
  if (type === "application/json") return { json: parseJson(bytes), form: false };
  if (forms && type === "application/x-www-form-urlencoded")
    return { json: nest(new URLSearchParams(bytes.toString("utf8"))), form: true };
  if (forms && type === "multipart/form-data") return { json: nest(parseMultipart(bytes, contentType)), form: true };
  const taken = forms ? "application/json, application/x-www-form-urlencoded and multipart/form-data" : "application/json";
  throw new BodyError("unsupported", `A body of type ${JSON.stringify(type)} is not understood, only ${taken}.`);
}

function parseJson(bytes: Buffer): JsonValue {
  const text = bytes.toString("utf8");
  let json: JsonValue;
  try {
    json = JSON.parse(text) as JsonValue;
  } catch {
    throw new BodyError("malformed", "The body is no JSON.");
  }
  const twice = duplicateMember(text);
  if (twice !== undefined) throw new BodyError("malformed", `The body names ${JSON.stringify(twice)} twice.`);
  return json;
}

/** Reads `traits.name.first=Ada` as `{"traits": {"name": {"first": "Ada"}}}`; a name sent twice becomes a list. */
function nest(entries: Iterable<[string, string]>): JsonObject {
  const root = Object.create(null) as JsonObject;
  for (const [name, value] of entries) {
    const keys = name.split(".");
    const last = keys.pop()!;
    let at = root;
    for (const key of keys) {
      const inner = at[key] ?? (at[key] = Object.create(null) as JsonObject);
      if (typeof inner !== "object" || inner === null || Array.isArray(inner))
        throw new BodyError("malformed", `The form names ${JSON.stringify(name)} as a value and as a group of values.`);
      at = inner;
    }
    const before = at[last];
    if (before === undefined) at[last] = value;
    else if (Array.isArray(before)) before.push(value);
    else at[last] = [before, value];
  }
  return root;
}

/** Reads the fields of multipart/form-data (RFC 7578). Files are nobody's business here. */
function parseMultipart(bytes: Buffer, contentType: string): [string, string][] {
  const boundary = /boundary="?([^";]{1,70})"?/i.exec(contentType)?.[1];
  if (!boundary) throw new BodyError("malformed", "The form has no boundary.");
  const parts = bytes.toString("utf8").split(`--${boundary}`).slice(1, -1);
  return parts.flatMap((part) => {
    const end = part.indexOf("\r\n\r\n");
    const name = /;\s*name="([^"]*)"/i.exec(part.slice(0, end))?.[1];
    return end < 0 || name === undefined ? [] : [[name, part.slice(end + 4).replace(/\r\n$/, "")]];
  });
}
