import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import type { JWK } from "jose";
import { messageIds } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { idTokenOf, providerKeys } from "../support/id-token.ts";
import { site } from "../support/openid-provider.ts";
import { startServer } from "../support/server.ts";
import { leave, program, socialConfig, usualMapper } from "../support/social.ts";
import { startStandIns } from "../support/stand-ins.ts";
import type { StandInAnswer } from "../support/stand-ins.ts";

const issuer = "https://id.example.net";
const host = "id.example.net";
const said = { email: "ada@example.org", email_verified: true };
const [rsa] = providerKeys;
const open = ({ kty, n, e, crv, x, y, kid, alg }: JWK) => ({ kty, n, e, crv, x, y, kid, alg });

const discovered = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/keys`,
};

/** How a provider answers, by the nonce that it was asked with. */
type Answers = (nonce: string) => Readonly<Record<string, StandInAnswer>>;

/** A server, and a provider that answers as an attacker would have it. */
async function startAttack(t: TestContext, entry: ConfigTree = {}, discovery: object = {}) {
  const outside = await startStandIns(t);
  const usual = {
    [`GET ${host}/.well-known/openid-configuration`]: { ...discovered, ...discovery },
    [`GET ${host}/keys`]: { keys: providerKeys.map(open) },
  };
  const acme = {
    ...{ id: "acme", provider: "generic", issuer_url: issuer, mapper_url: program(usualMapper) },
    ...site,
    ...entry,
  };
  const server = await startServer(t, { config: socialConfig([acme]), rewriteUrl: outside.rewriteUrl });
  /** Where browsers were sent, in order. */
  const left: URL[] = [];
  /** Signs somebody in, from the button to what the callback answers. */
  async function signIn(answers: Answers, back: Record<string, string> = {}) {
    outside.answer(usual);
    const app = server.spa();
    const url = new URL(await leave(app));
    left.push(url);
    const { searchParams: asked } = url;
    outside.answer({ ...usual, ...answers(asked.get("nonce")!) });
    const query = new URLSearchParams({ state: asked.get("state")!, code: "the-code", ...back });
    return app.get(`/self-service/methods/oidc/callback/acme?${query}`, { accept: "application/json" });
  }
  return { ...outside, server, left, signIn };
}

const giving =
  (make: (nonce: string) => string | Promise<string>): Answers =>
  (nonce) => ({
    [`POST ${host}/token`]: async () => ({ access_token: "at-1", token_type: "Bearer", id_token: await make(nonce) }),
  });

const now = () => Math.floor(Date.now() / 1000);
const claimsOf = (nonce: string, changes: object = {}) => ({
  ...{ iss: issuer, sub: "ada", aud: site.client_id, iat: now(), exp: now() + 300, nonce },
  ...said,
  ...changes,
});
const signedWith = (changes: Readonly<Record<string, unknown>>) => (nonce: string) =>
  idTokenOf(issuer, "ada", { claims: { ...said, nonce, ...changes } });

test("an ID token that proves nothing signs nobody in", async (t) => {
  const { signIn } = await startAttack(t);
  const stranger = await generateKeyPair("RS256", { extractable: true });
  const strangers = { ...(await exportJWK(stranger.privateKey)), alg: "RS256", kid: rsa.kid! };
  const published = createPublicKey({ key: open(rsa) as never, format: "jwk" });
  const otherHash = createHash("sha256").update("another").digest().subarray(0, 16).toString("base64url");
  const tokens: Readonly<Record<string, (nonce: string) => string | Promise<string>>> = {
    "signed by nobody": (nonce) => new UnsecuredJWT(claimsOf(nonce)).encode(),
    "signed by the published key as if it were a secret": (nonce) =>
      new SignJWT(claimsOf(nonce))
        .setProtectedHeader({ alg: "HS256", kid: rsa.kid! })
        .sign(Buffer.from(published.export({ type: "spki", format: "pem" }))),
    "signed by the client's own secret": (nonce) =>
      new SignJWT(claimsOf(nonce)).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(site.client_secret)),
    "signed by somebody else": (nonce) => idTokenOf(issuer, "ada", { key: strangers, claims: { ...said, nonce } }),
    "of another request": signedWith({ nonce: "another" }),
    "of no request": signedWith({ nonce: undefined }),
    "of another issuer": signedWith({ iss: "https://id.evil.example" }),
    "for somebody else": signedWith({ aud: "another-site" }),
    "for several, and asked for by nobody": signedWith({ aud: [site.client_id, "another-site"] }),
    "for us, and asked for by somebody else": signedWith({ azp: "another-site" }),
    "that is over": signedWith({ iat: now() - 600, exp: now() - 120 }),
    "that never ends": signedWith({ exp: undefined }),
    "of the future": signedWith({ iat: now() + 600, exp: now() + 900 }),
    "of another access token": signedWith({ at_hash: otherHash }),
    "of nobody": signedWith({ sub: "" }),
    "that is none": () => "a.b.c",
  };
  for (const [what, make] of Object.entries(tokens)) {
    const { status, body } = await signIn(giving(make));
    assert.equal(status, 400, `one ${what}: ${JSON.stringify(body)}`);
  }
  const hash = createHash("sha256").update("at-1").digest().subarray(0, 16).toString("base64url");
  const sound = await signIn(giving(signedWith({ aud: [site.client_id], azp: site.client_id, at_hash: hash })));
  assert.equal(sound.status, 200, JSON.stringify(sound.body));
});

test("no ID token at all signs nobody in", async (t) => {
  const { signIn } = await startAttack(t);
  const answer = await signIn(() => ({ [`POST ${host}/token`]: { access_token: "at-1", token_type: "Bearer" } }));
  // Whoever has not allowed it may go back, and do so.
  assert.deepEqual([answer.status, messageIds(answer.body)], [400, [4000001]]);
});

test("the answer of another provider is not taken for this one's, and its code is not redeemed (RFC 9207)", async (t) => {
  const { signIn, got } = await startAttack(t, {}, { authorization_response_iss_parameter_supported: true });
  const sound = giving(signedWith({}));
  assert.equal((await signIn(sound, { iss: "https://id.evil.example" })).status, 400);
  assert.equal((await signIn(sound)).status, 400, "one that says so always has to say so");
  assert.deepEqual(
    got.filter(({ to }) => to === `POST ${host}/token`),
    [],
  );
  assert.equal((await signIn(sound, { iss: issuer })).status, 200);
});

test("what the UserInfo endpoint says of somebody else is not believed", async (t) => {
  const { signIn } = await startAttack(t, { claims_source: "userinfo" });
  const answers =
    (sub: string): Answers =>
    (nonce) => ({ ...giving(signedWith({}))(nonce), [`GET ${host}/userinfo`]: { sub, ...said } });
  assert.equal((await signIn(answers("eve"))).status, 400);
  assert.equal((await signIn(answers("ada"))).status, 200);
});

test("who was sent off with PKCE comes back with it, whatever the provider says of itself by then", async (t) => {
  const { signIn, got } = await startAttack(t, {}, { code_challenge_methods_supported: ["S256"] });
  const without = { [`GET ${host}/.well-known/openid-configuration`]: { ...discovered } };
  const sound = giving(signedWith({}));
  assert.equal((await signIn((nonce) => ({ ...sound(nonce), ...without }))).status, 200);
  const { body } = got.findLast(({ to }) => to === `POST ${host}/token`)!;
  assert.match(new URLSearchParams(body).get("code_verifier")!, /^[\w-]{43}$/);
  const forced = await startAttack(t, { pkce: "force" });
  assert.equal((await forced.signIn(sound)).status, 400, "its callback has no id");
  assert.ok(forced.left.at(-1)!.searchParams.has("code_challenge"), "force asks nobody");
});

test("providers are called where the configuration lets calls go, and nowhere else", async (t) => {
  const inside = await startStandIns(t);
  const address = inside.rewriteUrl("https://internal/");
  const acme = { id: "acme", provider: "generic", issuer_url: address, mapper_url: program(usualMapper), ...site };
  const private_ = { clients: { http: { disallow_private_ip_ranges: true } } };
  const server = await startServer(t, { config: socialConfig([acme], private_) });
  const { body: flow } = await server.native.get("/self-service/login/api");
  assert.equal((await server.native.post(flow.ui.action, { provider: "acme" })).status, 502);
  assert.deepEqual(inside.got, []);
});

test("claims that nest deeper than anything would, are more than anybody needs, or hold what no database keeps, are not read", async (t) => {
  const { signIn } = await startAttack(t);
  const deep = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
  const groups = (count: number) => Array.from({ length: count }, (_, at) => `group ${at}`);
  for (const said of [{ x: deep(40) }, { x: deep(2000) }, { groups: groups(9000) }, { name: "a\0b" }])
    assert.equal((await signIn(giving(signedWith(said)))).status, 502, Object.keys(said)[0]);
  const { status, body } = await signIn(giving(signedWith({ groups: groups(4000), x: deep(20) })));
  assert.equal(status, 200, JSON.stringify(body));
});

test("new keys of a provider are fetched when they are used, and no more often than now and then", async (t) => {
  const { signIn, server, got } = await startAttack(t);
  assert.equal((await signIn(giving(signedWith({})))).status, 200);
  const pair = await generateKeyPair("ES256", { extractable: true });
  const next: JWK = { ...(await exportJWK(pair.privateKey)), kid: "next", alg: "ES256" };
  const rotated: Answers = (nonce) => ({
    ...giving(() =>
      idTokenOf(issuer, "ada", {
        key: next,
        claims: { ...said, nonce },
        now: Math.floor(server.now().getTime() / 1000),
      }),
    )(nonce),
    [`GET ${host}/keys`]: { keys: [open(next)] },
  });
  const asked = () => got.filter(({ to }) => to === `GET ${host}/keys`).length;
  assert.equal((await signIn(rotated)).status, 400, "it has just been asked");
  assert.equal(asked(), 1);
  server.advance(11_000);
  assert.equal((await signIn(rotated)).status, 200);
  assert.equal(asked(), 2);
});

test("a provider that calls itself by another issuer, or answers with 10 MB or nonsense, is at fault", async (t) => {
  const liar = await startAttack(t, {}, { issuer: "https://id.evil.example" });
  await assert.rejects(liar.signIn(giving(signedWith({}))), /502/);
  const { signIn } = await startAttack(t);
  const huge = "x".repeat(10_485_760);
  const sound = giving(signedWith({}));
  for (const answer of [
    huge,
    "<html>",
    [],
    {},
    { httpStatus: 500 },
    { httpStatus: 302, location: "http://127.0.0.1/" },
  ]) {
    assert.equal(
      (await signIn(() => ({ [`POST ${host}/token`]: answer }))).status,
      502,
      `tokens: ${JSON.stringify(answer).slice(0, 40)}`,
    );
    const keys = await startAttack(t);
    const { status } = await keys.signIn((nonce) => ({ ...sound(nonce), [`GET ${host}/keys`]: answer }));
    assert.equal(status, 502, `keys: ${JSON.stringify(answer).slice(0, 40)}`);
  }
});
