import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { exportJWK, exportSPKI, generateKeyPair, importJWK } from "jose";
import type { JWK } from "jose";
import type { Context } from "../../src/context.ts";
import { nativeRules } from "../../src/provider/native.ts";
import type { ProviderConfig } from "../../src/provider/provider.ts";
import { verifyIdToken } from "../../src/provider/verify-id-token.ts";
import type { IdTokenRules } from "../../src/provider/verify-id-token.ts";
import { configOf } from "../support/config.ts";
import { idTokenOf, providerKeys } from "../support/id-token.ts";
import type { IdTokenChanges } from "../support/id-token.ts";
import { site } from "../support/openid-provider.ts";

const issuer = "https://issuer.example";
const [rsa, curve] = providerKeys;
const config = { ...site, id: "acme", additional_id_token_audiences: ["our-app"] } as unknown as ProviderConfig;
const open = ({ kty, n, e, crv, x, y, kid, alg }: JWK): JWK =>
  JSON.parse(JSON.stringify({ kty, n, e, crv, x, y, kid, alg }));

/** Publishes keys, and judges tokens by them. */
async function startJudge(t: TestContext, { keys = [rsa, curve] }: { keys?: JWK[] } = {}) {
  const published = { keys: keys.map(open), asked: 0, broken: false };
  const server = createServer((_, res) => {
    published.asked++;
    if (published.broken) res.writeHead(503).end();
    else res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: published.keys }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  const keysAt = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  const ctx = { config: configOf({ dsn: "memory" }), now: () => new Date() } as unknown as Context;
  return {
    published,
    judge: (idToken: string, nonce?: string, rules: Partial<IdTokenRules> = {}) =>
      verifyIdToken(ctx, config, { idToken, nonce }, { issuers: [issuer], keysAt, ...rules }),
  };
}

const nonce = "n-0S6_WzA2Mj";
const tokenOf = (changes: IdTokenChanges = {}) =>
  idTokenOf(issuer, "248289761001", { ...changes, claims: { nonce, ...changes.claims } });
const now = () => Math.floor(Date.now() / 1000);

test("a token holds that the provider has signed for us or our app, by any of its keys", async (t) => {
  const { judge } = await startJudge(t);
  const { claims, tokens } = await judge(
    await tokenOf({ claims: { email: "ada@example.org", email_verified: "true" } }),
    nonce,
  );
  assert.deepEqual(
    [claims.iss, claims.sub, claims["email"], claims["email_verified"]],
    [issuer, "248289761001", "ada@example.org", true],
  );
  assert.deepEqual(tokens, {}, "of the token itself nothing is kept");
  for (const changes of [
    { key: curve },
    { claims: { aud: "our-app" } },
    { claims: { aud: ["our-app", "somebody"], azp: "our-app" } },
    { claims: { aud: site.client_id, azp: "our-app-on-phones" } },
    { claims: { exp: now() - 30 } },
  ])
    await judge(await tokenOf(changes), nonce);
});

test("a token is refused that somebody else has signed, or signed for somebody else, or that is over", async (t) => {
  const { judge } = await startJudge(t);
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const strange = { ...(await exportJWK(privateKey)), alg: "RS256" };
  const secret = await exportSPKI((await importJWK(open(rsa), "RS256")) as never);
  const shared: JWK = { kty: "oct", k: Buffer.from(secret).toString("base64url"), alg: "HS256" };
  const [head, body] = (await tokenOf()).split(".") as [string, string];
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`;
  const forged = {
    "by a key of somebody else's": await tokenOf({ key: { ...strange, kid: rsa.kid! } }),
    "by a key that is not published": await tokenOf({ key: { ...strange, kid: "other" } }),
    "by our public key as a secret": await tokenOf({ key: { ...shared, kid: rsa.kid! } }),
    "by nobody": unsigned,
    "with a key of its own": await tokenOf({ key: { ...strange, kid: rsa.kid! }, header: { jwk: open(strange) } }),
    "with claims of its own": `${head}.${Buffer.from(JSON.stringify({ iss: issuer, sub: "1" })).toString("base64url")}.c2ln`,
    "for another audience": await tokenOf({ claims: { aud: "somebody" } }),
    "for several, asked for by nobody": await tokenOf({ claims: { aud: [site.client_id, "somebody"] } }),
    "for several, asked for by another": await tokenOf({
      claims: { aud: [site.client_id, "somebody"], azp: "somebody" },
    }),
    "of another issuer": await tokenOf({ claims: { iss: "https://other.example" } }),
    "that is over": await tokenOf({ claims: { exp: now() - 120 } }),
    "that is yet to come": await tokenOf({ claims: { nbf: now() + 300 } }),
    "that never ends": await tokenOf({ claims: { exp: undefined } }),
    "of nobody": await tokenOf({ claims: { sub: undefined } }),
    "of an empty name": await tokenOf({ claims: { sub: "" } }),
    "that is none": "a.b.c",
    "of one letter": "x",
  };
  for (const [what, token] of Object.entries(forged)) {
    const refusal = { name: "ProviderFailure", step: "id_token_verify", status: 403 };
    await assert.rejects(judge(token, nonce), refusal, what);
    await assert.rejects(judge(token, nonce, { refusedBy: 502 }), { ...refusal, status: 502 }, what);
  }
});

test("the nonce is the one that the app has asked with; without one a token holds only where the provider has none", async (t) => {
  const { judge } = await startJudge(t);
  const bare = await idTokenOf(issuer, "1");
  const old = await idTokenOf(issuer, "1", { claims: { nonce_supported: false } });
  const supporting = await idTokenOf(issuer, "1", { claims: { nonce_supported: true } });
  const { google, apple } = nativeRules;
  const rulesOf = (rules: IdTokenRules) => ({ worksWithoutNonce: rules.worksWithoutNonce! });
  const refused = { name: "ProviderFailure", step: "id_token_verify", status: 502 };
  await assert.rejects(judge(await tokenOf(), undefined), refused);
  await assert.rejects(judge(await tokenOf(), "another"), refused);
  await assert.rejects(judge(await tokenOf(), `${nonce} `), refused);
  await assert.rejects(judge(bare, nonce), refused);
  await assert.rejects(judge(await tokenOf(), undefined, rulesOf(google)), refused);
  await assert.rejects(judge(supporting, undefined, rulesOf(apple)), refused);
  await judge(bare, undefined, rulesOf(google));
  await judge(bare, "asked in vain", rulesOf(google));
  await judge(old, undefined, rulesOf(apple));
});

test("keys are fetched once, and anew for a key that nobody knows, but not for each who names one", async (t) => {
  const { judge, published } = await startJudge(t, { keys: [rsa] });
  await Promise.all(Array.from({ length: 8 }, async () => judge(await tokenOf(), nonce)));
  assert.equal(published.asked, 1);
  for (let times = 0; times < 5; times++)
    await assert.rejects(judge(await tokenOf({ header: { kid: `made up ${times}` } }), nonce), { status: 403 });
  assert.equal(published.asked, 1, "they have just been asked for");
});

test("a key that a provider has signed with since is found, and one that it has withdrawn is believed no more", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const { judge, published } = await startJudge(t, { keys: [rsa] });
  await judge(await tokenOf(), nonce);
  published.keys = [open(curve)];
  t.mock.timers.tick(31_000);
  await judge(await tokenOf({ key: curve }), nonce);
  await assert.rejects(judge(await tokenOf(), nonce), { status: 403 });
  assert.equal(published.asked, 2);
});

test("a provider whose keys cannot be had is at fault, and is asked again", async (t) => {
  const { judge, published } = await startJudge(t);
  published.broken = true;
  await assert.rejects(judge(await tokenOf(), nonce), { name: "ProviderFailure", status: 502 });
  published.broken = false;
  await judge(await tokenOf(), nonce);
});

test("a token that names no key is tried with each that could have signed it, of a few; and with new ones", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const pairs = await Promise.all(
    Array.from({ length: 9 }, async () =>
      exportJWK((await generateKeyPair("ES256", { extractable: true })).privateKey),
    ),
  );
  const keyed = pairs.map((key, at): JWK => ({ ...key, alg: "ES256", kid: `key-${at}` }));
  const nameless = ({ kid: _, ...key }: JWK) => tokenOf({ key });
  const { judge, published } = await startJudge(t, { keys: keyed });
  for (const at of [0, 7]) await judge(await nameless(keyed[at]!), nonce);
  const stranger = await exportJWK((await generateKeyPair("ES256", { extractable: true })).privateKey);
  const refused = { name: "ProviderFailure", status: 403 };
  await assert.rejects(judge(await nameless({ ...stranger, alg: "ES256" }), nonce), refused);
  await assert.rejects(judge(await nameless(keyed[8]!), nonce), refused, "beyond those that are tried");
  await assert.rejects(judge(await nameless({ ...keyed[7]! }).then((token) => `${token}x`), nonce), refused);
  assert.equal(published.asked, 1, "they have just been asked for");
  published.keys = [open(keyed[8]!)];
  t.mock.timers.tick(11_000);
  await judge(await nameless(keyed[8]!), nonce);
  await assert.rejects(judge(await nameless(keyed[0]!), nonce), refused, "it is withdrawn");
});
