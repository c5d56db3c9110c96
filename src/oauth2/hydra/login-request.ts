import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { LoginRequest } from "../authorization-server.ts";

/** Reads a login request of Hydra's; undefined where it is none. */
export function readLoginRequest(body: JsonObject | undefined): LoginRequest | undefined {
  if (!body) return undefined;
  const { challenge, client, oidc_context, request_url, session_id, skip, subject } = body;
  if (typeof challenge !== "string" || challenge === "" || typeof request_url !== "string") return undefined;
  if (!isObject(client) || typeof skip !== "boolean" || typeof subject !== "string") return undefined;
  return {
    challenge,
    client,
    ...(isObject(oidc_context) && { oidc_context }),
    request_url,
    ...texts("requested_access_token_audience", body),
    ...texts("requested_scope", body),
    ...(typeof session_id === "string" && { session_id }),
    skip,
    subject,
  };
}

function texts<N extends string>(name: N, body: JsonObject): Partial<Record<N, readonly string[]>> {
  const list = body[name];
  const found: Partial<Record<string, readonly string[]>> = {};
  if (Array.isArray(list)) found[name] = list.filter((one) => typeof one === "string");
  return found as Partial<Record<N, readonly string[]>>;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
