import assert from "node:assert/strict";
import * as oidc from "openid-client";
import type { Json } from "./client.ts";
import type { ConfigTree } from "./config.ts";
import type { TestServer } from "./server.ts";

/** Who issues the tokens of tests' servers. */
export const issuer = "http://id.example.org";

/** A configuration with the provider that comes along, and a scope of an API. */
export const embedded = (more: object = {}): ConfigTree => ({
  oauth2_provider: { mode: "embedded", embedded: { scopes: ["photos.read", "photos.write"], ...more } },
});

/** Registers a client by the admin API, and answers it with its secret. */
export async function registered(server: TestServer, metadata: object): Promise<Json> {
  const { status, body } = await server.adminClient.post("/admin/clients", metadata);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** A relying party by `openid-client`, which reaches the issuer at a server of a test. */
export function relyingParty(
  server: Pick<TestServer, "publicUrl">,
  { client_id: id, client_secret: secret }: Json,
  authentication?: oidc.ClientAuth,
): Promise<oidc.Configuration> {
  const reach: oidc.CustomFetch = (url, options) =>
    fetch(url.replace(issuer, server.publicUrl.replace(/\/$/, "")), options as RequestInit);
  return oidc.discovery(new URL(issuer), id, secret ? { client_secret: secret } : {}, authentication, {
    execute: [oidc.allowInsecureRequests],
    [oidc.customFetch]: reach,
  });
}
