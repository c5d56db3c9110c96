import { randomBytes } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import type { Config } from "../config/config.ts";
import { fromBase64Url, openAes, sealAes } from "./aead.ts";
import { keyFor } from "./keys.ts";

const lifespanMs = 3_600_000;
const purpose = "page token";

/** The secrets that page tokens are made with. */
export type PageSecrets = Pick<Config["secrets"], "pagination" | "default">;

// Without any secret the tokens of one process hold until it ends.
const bootSecret = randomBytes(32).toString("base64");

function secretsOf({ pagination, default: general }: PageSecrets): readonly string[] {
  if (pagination.length > 0) return pagination;
  return general.length > 0 ? general : [bootSecret];
}

/** A page token (AIP-158): opaque to clients, and they cannot make one up. */
export function sealPage(values: JsonObject, secrets: PageSecrets, nowMs: number): string {
  const payload = JSON.stringify({ values, expiresAt: nowMs + lifespanMs });
  return sealAes(keyFor(purpose, secretsOf(secrets)[0]!), payload).toString("base64url");
}

/** What a page token says, or undefined when it is not ours or older than an hour. */
export function openPage(token: string, secrets: PageSecrets, nowMs: number): JsonObject | undefined {
  const bytes = fromBase64Url(token);
  if (!bytes) return undefined;
  for (const secret of secretsOf(secrets)) {
    const opened = openAes(keyFor(purpose, secret), bytes);
    if (opened === undefined) continue;
    const { values, expiresAt } = JSON.parse(opened) as { values: JsonObject; expiresAt: number };
    return nowMs < expiresAt ? values : undefined;
  }
  return undefined;
}
