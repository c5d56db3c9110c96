import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { idTokenOf, providerKeys } from "../support/id-token.ts";
import { client } from "../support/provider-kinds.ts";
import { startServer } from "../support/server.ts";
import { leave, program, socialConfig, usualMapper } from "../support/social.ts";
import { startStandIns } from "../support/stand-ins.ts";

const ours = "11111111-2222-4333-8444-555555555555";
const others = "99999999-8888-4777-8666-555555555555";
const personal = "9188040d-6c67-4c5b-b112-36a304b66dad";
const host = "login.microsoftonline.com";
const keys = { keys: providerKeys.map(({ kty, n, e, crv, x, y, kid, alg }) => ({ kty, n, e, crv, x, y, kid, alg })) };

/** A server at which people of a tenant sign in, and what comes of a token. */
async function startTenant(t: TestContext, microsoft_tenant: string) {
  const outside = await startStandIns(t);
  const acme = { id: "acme", provider: "microsoft", microsoft_tenant, mapper_url: program(usualMapper), ...client };
  const server = await startServer(t, { config: socialConfig([acme]), rewriteUrl: outside.rewriteUrl });
  return async (tid: unknown, issuer = `https://${host}/${String(tid)}/v2.0`): Promise<number> => {
    const app = server.spa();
    const { searchParams: asked } = new URL(await leave(app));
    const claims = { tid, nonce: asked.get("nonce"), email: "ada@example.org" };
    const answer = { access_token: "at-1", token_type: "Bearer", id_token: await idTokenOf(issuer, "ada", { claims }) };
    outside.answer({
      [`POST ${host}/${microsoft_tenant}/oauth2/v2.0/token`]: answer,
      ...Object.fromEntries([ours, others, personal].map((id) => [`GET ${host}/${id}/discovery/v2.0/keys`, keys])),
    });
    const query = new URLSearchParams({ state: asked.get("state")!, code: "the-code" });
    const back = `/self-service/methods/oidc/callback/acme?${query}`;
    return (await app.get(back, { accept: "application/json" })).status;
  };
}

test("at Microsoft the people of one tenant sign in where one is configured, and no token speaks for another one", async (t) => {
  const signIn = await startTenant(t, ours);
  assert.equal(await signIn(ours), 200);
  for (const [tenant, issuer] of [
    [others],
    [personal],
    [ours, `https://${host}/${others}/v2.0`],
    [ours, "https://evil.example/v2.0"],
    ["../evil"],
    [`${ours}/../${others}`],
    [undefined],
    [[ours]],
  ] as const)
    assert.equal(await signIn(tenant, issuer), 400, JSON.stringify([tenant, issuer]));
});

test("work accounts and personal ones are told apart where one kind alone may sign in", async (t) => {
  for (const [configured, expected] of [
    ["common", [200, 200]],
    ["organizations", [200, 400]],
    ["consumers", [400, 200]],
  ] as const) {
    const signIn = await startTenant(t, configured);
    assert.deepEqual([await signIn(ours), await signIn(personal)], expected, configured);
  }
});
