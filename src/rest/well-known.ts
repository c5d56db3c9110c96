import { fromJson } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Struct, Timestamp, Value } from "@bufbuild/protobuf/wkt";
import { putJson, putValue } from "./json-bytes.ts";
import { JsonDocument } from "./json-document.ts";
import { quoteTimestamp, readTimestamp } from "./timestamp.ts";
import type { Moment } from "./timestamp.ts";

/** Writes a Value as the JSON that it stands for. */
export function writeValue({ kind }: Value): JsonValue {
  switch (kind.case) {
    case "structValue":
      return writeStruct(kind.value);
    case "listValue":
      return kind.value.values.map(writeValue);
    case "stringValue":
    case "numberValue":
    case "boolValue":
      return kind.value;
    default:
      return null;
  }
}

// Inside a Value a Struct is a message; as a field of its own it is plain JSON already.
const writeStruct = ({ fields }: Struct): JsonObject =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, writeValue(value)]));

/** What writes the messages that Protobuf itself gives a JSON form. */
export const writers: Readonly<Record<string, (value: never) => void>> = {
  "google.protobuf.Timestamp": (moment: Moment | Timestamp) => putJson(quoteTimestamp(moment)),
  "google.protobuf.Value": (value: Value | JsonDocument) =>
    value instanceof JsonDocument ? putJson(value.text) : putValue(writeValue(value)),
  "google.protobuf.Struct": (value: JsonObject | JsonDocument) =>
    value instanceof JsonDocument ? putJson(value.text) : putValue(value),
};

/** Their readers; undefined for what does not fit. */
export const readers: Readonly<Record<string, { read(json: JsonValue): unknown; expected: string }>> = {
  "google.protobuf.Timestamp": { read: readTimestamp, expected: "a time by RFC 3339" },
  "google.protobuf.Value": { read: (json) => fromJson(ValueSchema, json), expected: "JSON" },
  "google.protobuf.Struct": { read: (json) => (isObject(json) ? json : undefined), expected: "an object" },
};

/** Whether JSON is an object. */
export const isObject = (json: unknown): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);
