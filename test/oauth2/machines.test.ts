import assert from "node:assert/strict";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oidc from "openid-client";
import { oauth2Clients, oauth2Objects } from "../../src/oauth2/embedded/entities.ts";
import { embedded, issuer, registered, relyingParty } from "../support/relying-party.ts";
import { rowsOf } from "../support/rows.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";

const machine = { grant_types: ["client_credentials"], scope: "photos.read photos.write" };
const api = "https://photos.example.org/";

onTwoServers(
  "a service asks one server for a token, and another one knows it, until it is revoked",
  async (one, other) => {
    const client = await registered(one, machine);
    const at = await relyingParty(one, client);
    const token = await oidc.clientCredentialsGrant(at, { scope: "photos.read" });
    assert.equal(token.token_type, "bearer");
    assert.equal(token.scope, "photos.read");
    assert.ok(token.expires_in! > 3500 && token.expires_in! <= 3600);

    const elsewhere = await relyingParty(other, client);
    const told = await oidc.tokenIntrospection(elsewhere, token.access_token);
    assert.deepEqual(
      { active: told.active, client: told.client_id, scope: told.scope, issuer: told.iss },
      { active: true, client: client.client_id, scope: "photos.read", issuer },
    );
    await oidc.tokenRevocation(elsewhere, token.access_token);
    assert.deepEqual(await oidc.tokenIntrospection(at, token.access_token), { active: false });

    // Of neither the secret nor a token is anything to be read in the database.
    const kept = await oidc.clientCredentialsGrant(at);
    const stored = JSON.stringify([await rowsOf(one.app.db, oauth2Clients), await rowsOf(one.app.db, oauth2Objects)]);
    assert.ok(!stored.includes(kept.access_token) && !stored.includes(client.client_secret));
  },
  { config: embedded() },
);

onEachDatabase(
  "a token for an API is a JWT that the API checks by the published keys",
  async (server) => {
    const client = await registered(server, { ...machine, audience: [api], access_token_strategy: "jwt" });
    const at = await relyingParty(server, client);
    const { access_token: token } = await oidc.clientCredentialsGrant(at, { resource: api, scope: "photos.write" });
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", server.publicUrl));
    const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer, audience: api, typ: "at+jwt" });
    assert.equal(protectedHeader.alg, "RS256");
    assert.equal(payload["client_id"], client.client_id);
    assert.equal(payload["scope"], "photos.write");
    await assert.rejects(oidc.clientCredentialsGrant(at, { resource: "https://other.example.org/" }), {
      error: "invalid_target",
    });
  },
  { config: embedded() },
);

onEachDatabase(
  "a service gets no more than it may",
  async (server) => {
    const at = await relyingParty(server, await registered(server, { ...machine, scope: "photos.read" }));
    await assert.rejects(oidc.clientCredentialsGrant(at, { scope: "photos.write" }), { error: "invalid_scope" });
    const { access_token: token } = await oidc.clientCredentialsGrant(at);
    const stranger = await relyingParty(server, await registered(server, machine));
    assert.deepEqual(await oidc.tokenIntrospection(stranger, token), { active: false });
    await oidc.tokenRevocation(stranger, token).catch(() => undefined);
    assert.equal((await oidc.tokenIntrospection(at, token)).active, true, "nobody revokes another one's token");
    const wrong = await relyingParty(server, { client_id: at.clientMetadata().client_id, client_secret: "guessed" });
    await assert.rejects(oidc.clientCredentialsGrant(wrong), { error: "invalid_client" });
  },
  { config: embedded() },
);
