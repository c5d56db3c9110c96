import type { Json, JsonObject } from "#gen/ostiary/admin_calls.js";
import { httpOf, shapeOf } from "./http.ts";
import type { CallName, RequestOf } from "./http.ts";

/** Where commands go, and in whose name. */
export interface Aim {
  /** The admin port, such as http://localhost:4434. */
  readonly origin: string;
  /** The slug of the tenant; empty for the default one. */
  readonly tenant: string;
  /** Whether the admin port asks for a key. */
  readonly needsKey: boolean;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const joined = (words: readonly string[]): string => words.join(" \\\n  ");

/** The call as a command for curl. */
export function curlOf<Name extends CallName>(name: Name, request: RequestOf<Name>, aim: Aim): string {
  const { verb, path, body } = httpOf(name, request);
  return joined([
    verb === "GET" ? "curl" : `curl -X ${verb}`,
    ...(aim.needsKey ? ['-H "authorization: Bearer $OSTIARY_API_KEY"'] : []),
    ...(aim.tenant ? [`-H ${quoted(`x-tenant: ${aim.tenant}`)}`] : []),
    ...(body === undefined ? [] : ["-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(body))}`]),
    quoted(aim.origin + path),
  ]);
}

/** The call as a command for grpcurl, which learns the contract from the server. */
export function grpcurlOf<Name extends CallName>(name: Name, request: RequestOf<Name>, aim: Aim): string {
  const { service, rpc } = shapeOf(name);
  const url = new URL(aim.origin);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const message = messageOf(name, request);
  return joined([
    url.protocol === "https:" ? "grpcurl" : "grpcurl -plaintext",
    ...(aim.needsKey ? ['-H "authorization: Bearer $OSTIARY_API_KEY"'] : []),
    ...(aim.tenant ? [`-H ${quoted(`x-tenant: ${aim.tenant}`)}`] : []),
    ...(Object.keys(message).length ? [`-d ${quoted(JSON.stringify(message))}`] : []),
    `${url.hostname}:${port} ${service}/${rpc}`,
  ]);
}

/** A request as gRPC's JSON has it: the words of enums in full. */
export function messageOf<Name extends CallName>(name: Name, request: RequestOf<Name>): JsonObject {
  const { words } = shapeOf(name);
  const inFull = (value: Json, way: string): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).map((one) => inFull(one, way));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(
        Object.entries(value as JsonObject).map(([field, one]) => [
          field,
          inFull(one, way ? `${way}.${field}` : field),
        ]),
      );
    return typeof value === "string" && words[way] ? words[way] + value.toUpperCase() : value;
  };
  const all = inFull(request as unknown as JsonObject, "") as JsonObject;
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== "" && value !== undefined && value !== null),
  );
}
