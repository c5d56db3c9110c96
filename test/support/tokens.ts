import assert from "node:assert/strict";
import { createLocalJWKSet, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import type { Client, Json } from "./client.ts";
import type { TestServer } from "./server.ts";

/** Templates of tokens, in a configuration. */
export const tokensBy = (templates: object, rest: object = {}) => ({
  session: { whoami: { tokenizer: { templates, ...rest } } },
});

/** The key set that a server publishes. */
export async function keysOf(client: Client, headers: Record<string, string> = {}): Promise<Json> {
  const { status, body } = await client.get("/.well-known/ostiary/sessions/jwks.json", { headers });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Asks whoami for a token by a template. */
export async function tokenOf(client: Client, template: string, headers: Record<string, string> = {}): Promise<string> {
  const { status, body } = await client.get(`/sessions/whoami?tokenize_as=${template}`, { headers });
  assert.equal(status, 200, JSON.stringify(body));
  return body.tokenized;
}

/** What a server of somebody else makes of a token by the keys that are published. Throws where it does not hold. */
export async function checked(
  keys: Json,
  token: string,
  { now, issuer = "http://id.example.org/" }: Pick<TestServer, "now"> & { readonly issuer?: string },
): Promise<JWTPayload & { readonly header: Json }> {
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys as never), {
    currentDate: now(),
    issuer,
    requiredClaims: ["sub", "sid", "jti", "exp"],
  });
  return { ...payload, header: protectedHeader };
}
