import type { JsonValue } from "@bufbuild/protobuf";
import type { Readable } from "node:stream";
import { BodyError } from "./body-error.ts";
import { nestForm, nestMembers } from "./dotted.ts";
import { duplicateMember } from "./duplicates.ts";
import { inexactNumber } from "./inexact-number.ts";
import { isObject } from "./well-known.ts";

/** A body, read. */
export interface Body {
  readonly json: JsonValue;
  /** Whether it was a form, whose values are all text. */
  readonly form: boolean;
  /** The values that came by dotted names, each by its way in. */
  readonly texts: readonly (readonly string[])[];
}

/** What a body may be. */
export interface BodyOptions {
  /** Whether it may be a form, and JSON may name its members as a form does. */
  readonly forms: boolean;
}

/** What Node says of a stream that ends before its time. */
export const brokenOff = "ERR_STREAM_PREMATURE_CLOSE";

/** Reads a body of a known size at most. What is larger is left where it is, so that it can be answered. */
export function collect(stream: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onEnd = () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) return;
      stream.off("data", onData);
      stream.off("end", onEnd);
      stream.pause();
      reject(new BodyError("too-large", `The body is larger than ${maxBytes} bytes.`));
    };
    const onClose = () => {
      if (!stream.readableEnded) reject(Object.assign(new Error("The body broke off."), { code: brokenOff }));
    };
    // An empty one may have ended while nobody listened.
    if (stream.readableEnded) return onEnd();
    if (stream.destroyed) return onClose();
    // To iterate over the stream takes ten times as long, for a body that is mostly one piece.
    stream.on("data", onData).on("end", onEnd).on("error", reject).on("close", onClose);
  });
}

/** Reads JSON, or a form where the call takes forms. */
export function parseBody(bytes: Buffer, contentType: string, { forms }: BodyOptions): Body {
  const type = contentType.split(";")[0]!.trim().toLowerCase();
  if (bytes.length === 0) throw new BodyError("malformed", "The body is empty.");
  if (type === "application/json") {
    const json = parseJson(bytes);
    return { ...(forms && isObject(json) ? nestMembers(json) : { json, texts: [] }), form: false };
  }
  if (forms && type === "application/x-www-form-urlencoded")
    return { ...nestForm(new URLSearchParams(bytes.toString("utf8"))), form: true };
  if (forms && type === "multipart/form-data") return { ...nestForm(parseMultipart(bytes, contentType)), form: true };
  const taken = forms
    ? "application/json, application/x-www-form-urlencoded and multipart/form-data"
    : "application/json";
  throw new BodyError("unsupported", `The content type ${JSON.stringify(type)} is not supported. Use ${taken}.`);
}

/** Reads JSON. Throws where it is none, or says what cannot be kept. */
export function parseJson(bytes: Buffer): JsonValue {
  const text = bytes.toString("utf8");
  let json: JsonValue;
  try {
    json = JSON.parse(text) as JsonValue;
  } catch {
    throw new BodyError("malformed", "The body is not valid JSON.");
  }
  const twice = duplicateMember(text);
  if (twice !== undefined)
    throw new BodyError("malformed", `The body contains the member ${JSON.stringify(twice)} twice.`);
  const inexact = inexactNumber(text);
  if (inexact !== undefined)
    throw new BodyError(
      "malformed",
      `The number ${inexact} cannot be stored exactly. Send it as a string or use a smaller number.`,
    );
  return json;
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
