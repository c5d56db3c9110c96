import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { MapperService } from "#gen/ostiary/admin/v1/mapper_service_pb.js";
import { written } from "../support/mapper.ts";
import { signedIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import { checked, keysOf, tokenOf, tokensBy } from "../support/tokens.ts";

const mapper = `
local claims = std.extVar('claims');
{
  identity: {
    traits: { email: claims.email },
    metadata_public: { plan: 'free' },
    verified_addresses: [{ via: 'email', value: claims.email }],
  },
}`;
const oidc = (provider: string) => ({
  ...{ id: provider, provider, client_id: "c", client_secret: "s", mapper_url: written(mapper) },
});
const config = {
  selfservice: {
    methods: { oidc: { enabled: true, config: { providers: [oidc("google"), oidc("facebook")] } } },
  },
};
const claims = { iss: "https://op.example", sub: "7", email: "Ada@example.org" };

test("the mapper of a provider is tried over claims, and says what it would make of them", async (t) => {
  const server = await startServer(t, { config });
  const tried = await server.adminClient.post("/admin/mappers/try", { provider_id: "google", claims });
  assert.equal(tried.status, 200, JSON.stringify(tried.body));
  const address = { via: "email", value: "ada@example.org" };
  assert.deepEqual(tried.body, {
    output: {
      identity: {
        traits: { email: claims.email },
        metadata_public: { plan: "free" },
        verified_addresses: [{ via: "email", value: claims.email }],
      },
    },
    identity: {
      traits: { email: claims.email },
      metadata_public: { plan: "free" },
      verified_addresses: [address],
      unproven_addresses: [],
    },
    schema_validation_errors: [],
  });
  const { body } = await server.adminClient.post("/admin/mappers/try", { provider_id: "facebook", claims });
  assert.deepEqual(
    [body.identity.verified_addresses, body.identity.unproven_addresses],
    [[], [address]],
    "nobody's e-mail at Facebook is proven",
  );
  assert.deepEqual((await server.adminClient.get("/admin/identities")).body, [], "nothing was written");
});

test("a program is tried before it is configured: its faults with their lines, and what the schema has against the traits", async (t) => {
  const server = await startServer(t, { config });
  const attempt = async (program: object, more: object = {}) =>
    (await server.adminClient.post("/admin/mappers/try", { program, claims, ...more })).body;

  const { fault } = await attempt({ source: "local claims = std.extVar('claims');\n{ a: claims.emial }" });
  assert.deepEqual([fault.reason, fault.line, fault.column], ["evaluation_failed", 2, 12], fault.message);
  assert.match(fault.message, /^The mapper fails at line 2, column 12: .*emial/);

  const { output, identity, ...rest } = await attempt({ source: "{ identity: { traits: 7 } }" });
  assert.deepEqual([output, identity, rest.fault.reason], [{ identity: { traits: 7 } }, undefined, "invalid_traits"]);

  const cel = { source: '{"identity": {"traits": {"email": "nobody", "age": 7}}}', language: "cel" };
  const { schema_validation_errors: violations } = await attempt(cel);
  assert.deepEqual(violations.map(({ path }: { path: string }) => path).toSorted(), ["traits.age", "traits.email"]);
  const known = { traits: { email: "ada@example.org" }, metadata_public: { plan: "gold" } };
  const news =
    "{ identity: { traits: { age: 36 }, metadata_admin: { was: std.extVar('identity').metadata_public.plan } } }";
  const update = await attempt({ source: news }, { identity: known });
  assert.deepEqual([update.identity.traits, update.identity.metadata_admin], [{ age: 36 }, { was: "gold" }]);
  assert.deepEqual(update.schema_validation_errors, [], "judged together with what is known");
});

test("whoever names neither a provider nor a program, or one that is not there, is told so", async (t) => {
  const server = await startServer(t, { config });
  const status = async (body: object) => (await server.adminClient.post("/admin/mappers/try", body)).status;
  assert.deepEqual([await status({ claims }), await status({ provider_id: "nowhere", claims })], [400, 404]);
  assert.equal(await status({ program: { source: "{}", language: "lua" }, claims }), 400);
  assert.equal(await status({ program: { source: "{}" }, claims, schema_id: "nowhere" }), 400);
});

test("mappers are tried by gRPC as well", async (t) => {
  const server = await startServer(t, { config });
  const client = createClient(MapperService, createGrpcTransport({ baseUrl: server.adminUrl }));
  const { identity, fault } = await client.tryMapper({ trial: { providerId: "google", claims: claims as JsonObject } });
  assert.deepEqual([identity?.traits, fault], [{ email: claims.email }, undefined]);
});

const tokenMapper = (claims: string) => `
local session = std.extVar('session');
{ claims: ${claims} }`;

test("the claims mapper of a session template is tried on a session, and says what a token would", async (t) => {
  const server = await startServer(t, {
    config: tokensBy({
      api: {
        ttl: "5m",
        claims_mapper_url: written(tokenMapper("{ email: session.identity.traits.email, sub: 'eve' }")),
      },
      plain: { subject_source: "external_id" },
    }),
  });
  const { id, headers } = await signedIn(server, "ada@example.org");
  const { body: session } = await server.native.get("/sessions/whoami", { headers });
  const attempt = async (body: object) => server.adminClient.post("/admin/mappers/try", { session, ...body });

  const tried = await attempt({ session_template: "api" });
  assert.equal(tried.status, 200, JSON.stringify(tried.body));
  const { jti, iat, nbf, exp, ...claims } = tried.body.token_claims;
  assert.deepEqual(claims, { iss: "http://id.example.org/", sub: id, sid: session.id, email: "ada@example.org" });
  assert.deepEqual([typeof jti, nbf, exp], ["string", iat, iat + 300]);
  assert.deepEqual(tried.body.output, { claims: { email: "ada@example.org", sub: "eve" } });
  const token = await tokenOf(server.native, "api", headers);
  const { header, ...said } = await checked(await keysOf(server.native), token, server);
  assert.deepEqual({ ...said, jti }, { ...claims, jti, iat, nbf, exp }, "as a token says");

  const cel = { source: '{"claims": {"exp": int(claims.exp) + 1000000000}}', language: "cel" };
  const { token_claims: late } = (await attempt({ program: cel })).body;
  assert.equal(late.exp, Math.floor(Date.parse(session.expires_at) / 1000), "never after the end of the session");
  const ofTemplate = (await attempt({ program: cel, session_template: "plain" })).body;
  assert.match(ofTemplate.error.reason, /external id/, "a program is tried in the place of the template's");

  const wrong = async (source: string) => (await attempt({ program: { source } })).body;
  const { fault } = await wrong(tokenMapper("{ level: session.levle }"));
  assert.deepEqual([fault.reason, fault.line], ["evaluation_failed", 3], fault.message);
  const unfit = await wrong("{ claim: 7 }");
  assert.deepEqual([unfit.output, unfit.fault.reason, unfit.token_claims], [{ claim: 7 }, "invalid_output", undefined]);
});

test("a session template takes a session as whoami answers it, and nothing of a provider", async (t) => {
  const server = await startServer(t, { config: tokensBy({ api: {} }) });
  const session = { id: "s", expires_at: "2040-01-01T00:00:00Z", identity: { id: "i" } };
  const refused = async (body: object) => {
    const answer = await server.adminClient.post("/admin/mappers/try", body);
    return [answer.status, answer.body.error?.reason];
  };
  const unlike = "The session must be as whoami answers it: with id, expires_at and identity.id.";
  assert.deepEqual(await refused({ session_template: "api" }), [400, unlike]);
  for (const lacking of [{ expires_at: "soon" }, { id: 7 }, { identity: {} }])
    assert.deepEqual(await refused({ session_template: "api", session: { ...session, ...lacking } }), [400, unlike]);
  assert.deepEqual(await refused({ session }), [400, "Name a session template, or give a program."]);
  assert.deepEqual(await refused({ session, session_template: "toString" }), [
    404,
    "There is no such session template.",
  ]);
  for (const more of [{ claims }, { provider_id: "google" }, { schema_id: "default" }, { identity: {} }])
    assert.equal((await refused({ session, session_template: "api", ...more }))[0], 400);
  assert.equal((await refused({ session, session_template: "api" }))[0], 200, "without a mapper it says what all do");
});
