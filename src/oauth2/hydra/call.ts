import type { JsonObject } from "@bufbuild/protobuf";
import type { Context } from "../../context.ts";
import { createConnectionPool } from "../../outgoing/connection-pool.ts";
import { callOut } from "../../outgoing/request.ts";

// A client with its key set, its metadata and the claims of an ID token is a few kilobytes.
const mostBytes = 262_144;
const connections = createConnectionPool();

/** What Hydra has answered. */
export interface HydraAnswer {
  readonly status: number;
  /** Undefined where the body is no object of JSON. */
  readonly body: JsonObject | undefined;
}

/** Calls Hydra's admin API about a login challenge. Throws where no answer comes in time, or one that is too long. */
export async function callHydra(
  { config }: Context,
  method: "GET" | "PUT",
  path: string,
  challenge: string,
  body?: JsonObject,
): Promise<HydraAnswer> {
  const { url: base = "", headers, timeout: timeoutMs } = config.oauth2_provider;
  const url = new URL(path, base.endsWith("/") ? base : `${base}/`);
  url.searchParams.set("login_challenge", challenge);
  const sent = {
    accept: "application/json",
    ...(body && { "content-type": "application/json" }),
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  };
  const answer = await callOut(
    { url: url.href, method, headers: sent, ...(body && { body: JSON.stringify(body) }) },
    { timeoutMs, mostBytes, clients: config.clients, connections },
  );
  return { status: answer.status, body: asObject(answer.body) };
}

function asObject(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
