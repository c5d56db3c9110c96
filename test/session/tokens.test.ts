import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { jwtVerify } from "jose";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import { WellKnownService } from "#gen/ostiary/public/v1/well_known_service_pb.js";
import { events } from "../../src/events/entities.ts";
import type { Json } from "../support/client.ts";
import { encoded } from "../support/config.ts";
import { collectingLog } from "../support/log.ts";
import { written } from "../support/mapper.ts";
import { password, signedIn, signInNatively, submitIn } from "../support/person.ts";
import { startReloading } from "../support/reloading.ts";
import { rowsOf } from "../support/rows.ts";
import { startServer } from "../support/server.ts";
import { checked, keysOf, tokenOf, tokensBy } from "../support/tokens.ts";

const { p256, p384, p521, ed25519, rsa, weak } = {
  p256: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey,
  p384: generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey,
  p521: generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey,
  ed25519: generateKeyPairSync("ed25519").privateKey,
  rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
  weak: generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey,
};
const jwk = (key: typeof p256, alg?: string, kid?: string) => ({
  ...(key.export({ format: "jwk" }) as Json),
  ...(alg && { alg }),
  ...(kid && { kid }),
});
const setOf = (...keys: Json[]) => encoded({ keys });
const secret = { kty: "oct", alg: "HS256", kid: "shared", k: Buffer.alloc(32, 7).toString("base64url") };
const ecSet = setOf(jwk(p256, "ES256", "ec"));
const page = readFileSync(new URL("../../docs/session-tokens.md", import.meta.url), "utf8");
const documented = (language: string) =>
  mapper(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(page)![1]!, language);
const mapper = (claims: string, language = "jsonnet") => ({
  jwks_url: ecSet,
  claims_mapper_url: written(claims),
  claims_mapper_language: language,
});

test("tokens of every algorithm hold by the published keys, which tell of no secret", async (t) => {
  const kinds = {
    ...{ RS256: rsa, RS384: rsa, RS512: rsa, PS256: rsa, PS384: rsa, PS512: rsa },
    ...{ ES256: p256, ES384: p384, ES512: p521, EdDSA: ed25519, Ed25519: ed25519 },
  };
  const templates = Object.fromEntries(
    Object.entries(kinds).map(([alg, key]) => [alg, { jwks_url: setOf(jwk(key, alg, `key-${alg}`)) }]),
  );
  const old = jwk(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, "ES256");
  const server = await startServer(t, {
    config: tokensBy({
      ...templates,
      shared: { jwks_url: setOf(secret), allow_symmetric_keys: true },
      rotated: { jwks_url: setOf(jwk(p256, "ES256"), old, { ...jwk(rsa), use: "enc" }) },
    }),
  });
  const { id, headers } = await signedIn(server);
  const answer = await server.native.get("/.well-known/ostiary/sessions/jwks.json");
  const keys = answer.body;
  assert.equal(answer.headers.get("cache-control"), "public, max-age=300");
  for (const alg of Object.keys(kinds)) {
    const claims = await checked(keys, await tokenOf(server.native, alg, headers), server);
    assert.deepEqual([claims.header, claims.sub], [{ alg, kid: `key-${alg}`, typ: "JWT" }, id]);
  }
  assert.equal(
    keys.keys.length,
    Object.keys(kinds).length + 2,
    "the old half as well, and neither what encrypts nor what is shared",
  );
  for (const key of keys.keys) for (const part of ["d", "p", "q", "dp", "dq", "qi", "k"]) assert.ok(!(part in key));
  const { kid } = (await checked(keys, await tokenOf(server.native, "rotated", headers), server)).header;
  assert.match(kid, /^[\w-]{43}$/, "a thumbprint names what has no name");
  const { payload } = await jwtVerify(
    await tokenOf(server.native, "shared", headers),
    Buffer.from(secret.k, "base64url"),
  );
  assert.equal(payload.sub, id);
});

test("a token says who and until when, no longer than its session; a mapper says more, by Jsonnet or CEL", async (t) => {
  const server = await startServer(t, {
    config: {
      ...tokensBy({
        plain: { jwks_url: ecSet, ttl: "10m" },
        external: { jwks_url: ecSet, subject_source: "external_id" },
        jsonnet: mapper(`
          local session = std.extVar('session');
          local claims = std.extVar('claims');
          { claims: {
            sub: 'somebody else', iss: claims.iss + '#mapped', aud: ['api'], mail: session.identity.traits.email,
            level: session.authenticator_assurance_level, secret: std.objectHas(session.identity, 'metadata_admin'),
            exp: claims.exp + 1e9,
          } }`),
        documented: documented("jsonnet"),
        documented_cel: documented("cel"),
        cel: mapper(
          '{"claims": {"mail": session.identity.traits.email, "exp": int(claims.exp) - 30, "sid": claims.sid}}',
          "cel",
        ),
      }),
    },
  });
  const person = await server.createPerson({ email: "pat@example.org", password });
  await server.adminClient.send("PATCH", `/admin/identities/${person.id}`, {
    json: [{ op: "add", path: "/metadata_admin", value: { note: "secret" } }],
  });
  const headers = await signInNatively(server, "pat@example.org");
  const keys = await keysOf(server.native);
  const claimsBy = async (name: string) =>
    checked(keys, await tokenOf(server.native, name, headers), {
      now: server.now,
      issuer: name === "jsonnet" ? "http://id.example.org/#mapped" : "http://id.example.org/",
    });
  const { body: session } = await server.native.get("/sessions/whoami", { headers });
  const ends = Math.floor(Date.parse(session.expires_at) / 1000);

  const { header, jti, iat, nbf, exp, ...plain } = await claimsBy("plain");
  assert.deepEqual(plain, { iss: "http://id.example.org/", sub: person.id, sid: session.id });
  assert.deepEqual([nbf, exp], [iat, iat! + 600]);
  assert.match(jti!, /^[0-9a-f-]{36}$/);

  const mapped = await claimsBy("jsonnet");
  assert.deepEqual(
    [mapped.sub, mapped.aud, mapped["mail"], mapped["level"], mapped["secret"], mapped.exp],
    [person.id, ["api"], "pat@example.org", "aal1", false, ends],
    "neither somebody else's, nor longer than the session",
  );
  const cel = await claimsBy("cel");
  assert.deepEqual([cel["mail"], cel.exp! - cel.iat!, cel["sid"]], ["pat@example.org", 30, session.id]);

  for (const name of ["documented", "documented_cel"]) {
    const { aud, email, verified, level } = (await claimsBy(name)) as Json;
    assert.deepEqual(
      { aud, email, verified, level },
      { aud: ["https://api.example.org"], email: "pat@example.org", verified: false, level: "aal1" },
    );
  }

  const lacking = await server.native.get("/sessions/whoami?tokenize_as=external", { headers });
  assert.deepEqual([lacking.status, /external id/.test(lacking.body.error.reason)], [400, true]);
  await server.adminClient.send("PATCH", `/admin/identities/${person.id}`, {
    json: [{ op: "add", path: "/external_id", value: "customer-7" }],
  });
  assert.equal((await claimsBy("external")).sub, "customer-7");

  server.advance(24 * 3_600_000 - 60_000);
  const last = await claimsBy("plain");
  assert.equal(last.exp, ends);
});

test("the token is in the session, natively, in browsers and over gRPC, and nobody keeps that answer; a missing second factor comes first", async (t) => {
  const server = await startServer(t, {
    config: {
      ...tokensBy({ plain: {} }),
      feature_flags: { cacheable_sessions: true },
      selfservice: { methods: { totp: { enabled: true } } },
    },
  });
  const { id, headers } = await signedIn(server);
  const ask = (query: string) => server.native.get(`/sessions/whoami${query}`, { headers });
  const [plain, tokenized] = [await ask(""), await ask("?tokenize_as=plain")];
  const { tokenized: token, ...session } = tokenized.body;
  assert.deepEqual(session, plain.body);
  assert.ok(plain.headers.get("ory-session-cache-for"));
  assert.equal(tokenized.headers.get("ory-session-cache-for"), null);
  assert.equal(tokenized.headers.get("x-kratos-authenticated-identity-id"), id);

  const transport = createGrpcTransport({ baseUrl: server.publicUrl });
  const { keys } = await createClient(WellKnownService, transport).getSessionKeys({});
  const rpc = createClient(SessionService, transport);
  const answer = await rpc.toSession({ tokenizeAs: "plain" }, { headers });
  for (const one of [token, answer.session!.tokenized!]) assert.equal((await checked({ keys }, one, server)).sub, id);

  const app = server.spa();
  await submitIn(app, "login", { method: "password", identifier: "pat@example.org", password });
  assert.equal((await checked({ keys }, await tokenOf(app, "plain"), server)).sub, id);

  for (const name of ["none", "__proto__", "constructor", "%00"])
    assert.equal((await ask(`?tokenize_as=${name}`)).status, 400, name);
  const anonymous = await server.native.get("/sessions/whoami?tokenize_as=none");
  assert.equal(anonymous.status, 401);

  const totp = { config: { totp_url: "otpauth://totp/kim?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" } };
  await server.adminClient.post("/admin/identities", {
    schema_id: "person",
    traits: { email: "kim@example.org" },
    credentials: { password: { config: { password } }, totp },
  });
  const kim = await signInNatively(server, "kim@example.org");
  for (const name of ["plain", "none"]) {
    const refused = await server.native.get(`/sessions/whoami?tokenize_as=${name}`, { headers: kim });
    assert.deepEqual([refused.status, refused.body.error.id], [403, "session_aal2_required"]);
  }
});

test("the first token of a session by a template in an hour is recorded, with how many there were since", async (t) => {
  const server = await startServer(t, { config: tokensBy({ short: {}, long: { ttl: "2h" } }) });
  const { id, headers } = await signedIn(server);
  for (let times = 0; times < 3; times++) await tokenOf(server.native, "short", headers);
  await tokenOf(server.native, "long", headers);
  server.advance(3_600_000);
  await tokenOf(server.native, "short", headers);
  const told = (await rowsOf(server.app.db, events)).filter(({ type }) => type === "SessionTokenizedAsJWT");
  assert.deepEqual(
    told.map(({ payload }) => payload),
    [
      { template: "short", ttl_seconds: 60 },
      { template: "long", ttl_seconds: 7200 },
      { template: "short", ttl_seconds: 60, unrecorded: 2 },
    ],
  );
  assert.deepEqual([told[0]!.reason, told[0]!.actorId, told[0]!.subjectId], ["sessions.tokenize", id, id]);
});

test("what no token can be made by is told at the start, and answered with 400, without a word on keys and programs", async (t) => {
  const bad = {
    symmetric: { jwks_url: setOf(secret) },
    short: { jwks_url: setOf({ ...secret, k: "c2hvcnQ" }), allow_symmetric_keys: true },
    nameless: { jwks_url: setOf(jwk(p256)) },
    unfit: { jwks_url: setOf(jwk(p384, "ES256")) },
    weak: { jwks_url: setOf(jwk(weak, "RS256")) },
    public: { jwks_url: setOf({ ...jwk(p256, "ES256"), d: undefined }) },
    broken: { jwks_url: setOf({ ...jwk(p256, "ES256"), x: "AAAA" }) },
    unreadable: mapper("{ claims: {"),
    misnamed: mapper('{"claims": {"a": person}}', "cel"),
  };
  const late = {
    failing: mapper("error 'my-program'"),
    list: mapper("{ claims: [] }"),
    none: mapper("{}"),
    timeless: mapper("{ claims: { exp: null } }"),
    deep: mapper("local nest(n) = if n == 0 then 1 else [nest(n - 1)]; { claims: { a: nest(40) } }"),
  };
  const { log, events: told } = collectingLog();
  const server = await startServer(t, { log, config: tokensBy({ ...bad, ...late }) });
  for (const name of Object.keys(bad))
    assert.ok(
      told.some((line) => line.includes(`session.whoami.tokenizer.templates.${name}.`)),
      name,
    );
  assert.equal(told.length, Object.keys(bad).length, told.join("\n"));
  const { headers } = await signedIn(server);
  for (const name of Object.keys({ ...bad, ...late })) {
    const { status, body } = await server.native.get(`/sessions/whoami?tokenize_as=${name}`, { headers });
    assert.equal(status, 400, name);
    assert.match(body.error.reason, /^The template has (no key that can sign|a claims mapper that fails)\.$/);
  }
  assert.match(told.join("\n"), /"failing","reason":"The mapper fails at line 1, column 1: my-program/);
  assert.doesNotMatch(told.join("\n"), new RegExp(`${secret.k}|AAAA`));
});

test("keys and programs count as they are by now: files at once, the web within a minute; what cannot be had is the server's fault", async (t) => {
  const web = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk(p256, "ES256", "web")] })));
  await once(web.listen(0, "127.0.0.1"), "listening");
  t.after(() => web.close());
  const at = `http://127.0.0.1:${(web.address() as AddressInfo).port}/jwks.json`;
  const server = await startReloading(t);
  const file = join(server.folder, "jwks.json");
  const put = (set: object) => {
    writeFileSync(`${file}.new`, JSON.stringify(set));
    renameSync(`${file}.new`, file);
  };
  const { headers } = await signedIn(server);
  assert.equal((await server.native.get("/sessions/whoami?tokenize_as=file", { headers })).status, 400);
  assert.deepEqual(await keysOf(server.native), { keys: [] });
  assert.deepEqual(await server.reload(tokensBy({ file: { jwks_url: `file://${file}` }, web: { jwks_url: at } })), []);
  const missing = await server.native.get("/sessions/whoami?tokenize_as=file", { headers });
  assert.equal(missing.status, 500);
  const partly = await server.native.get("/.well-known/ostiary/sessions/jwks.json");
  assert.deepEqual([partly.body.keys.length, /no-store/.test(partly.headers.get("cache-control")!)], [1, true]);
  const kidBy = async (name: string) =>
    (await checked(await keysOf(server.native), await tokenOf(server.native, name, headers), server)).header.kid;
  assert.equal(await kidBy("web"), "web");
  put({ keys: [jwk(p256, "ES256", "first")] });
  assert.equal(await kidBy("file"), "first");
  put({ keys: [jwk(ed25519, "EdDSA", "second-key"), jwk(p256, "ES256", "first")] });
  assert.equal(await kidBy("file"), "second-key");
});
