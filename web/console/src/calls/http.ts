import { calls } from "#gen/ostiary/admin_calls.js";
import type { CallShape, Calls, Json, JsonObject } from "#gen/ostiary/admin_calls.js";

/** A call of the admin API, by its name in the contract. */
export type CallName = keyof Calls;
/** What goes into a call. */
export type RequestOf<Name extends CallName> = Calls[Name]["request"];
/** What comes out of it. */
export type AnswerOf<Name extends CallName> = Calls[Name]["answer"];

/** A call as REST makes it. */
export interface HttpCall {
  readonly verb: string;
  /** With the query. */
  readonly path: string;
  readonly body: Json | undefined;
}

/** What the contract says of a call. */
export const shapeOf = (name: CallName): CallShape => calls[name];

/** Makes the REST request of a call: fields of its path and its body go there, all others into the query. */
export function httpOf<Name extends CallName>(name: Name, request: RequestOf<Name>): HttpCall {
  const { verb, path, body } = shapeOf(name);
  const rest = new Map(Object.entries(request as JsonObject));
  const filled = path.replaceAll(/{(\w+)}/g, (_, field: string) => {
    const value = rest.get(field);
    rest.delete(field);
    return encodeURIComponent(String(value));
  });
  const all = body === "*" ? Object.fromEntries(rest) : undefined;
  const sent = body && !all ? rest.get(body) : all;
  if (all) rest.clear();
  else if (body) rest.delete(body);
  const query = queryOf(rest);
  return { verb, path: query ? `${filled}?${query}` : filled, body: sent };
}

function queryOf(fields: ReadonlyMap<string, Json>): string {
  const query = new URLSearchParams();
  for (const [name, value] of fields)
    for (const one of Array.isArray(value) ? (value as readonly Json[]) : [value])
      if (one !== null && one !== undefined && one !== "") query.append(name, String(one));
  return query.toString();
}
