import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { jwtVerify } from "jose";
import { providerKinds } from "../../src/strategies/oidc/config.ts";
import type { Client, Json } from "../support/client.ts";
import { applesPublicKey, client, kindRows } from "../support/provider-kinds.ts";
import type { KindRow } from "../support/provider-kinds.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { leave, program, socialConfig } from "../support/social.ts";
import { startStandIns } from "../support/stand-ins.ts";
import type { GotCall, StandIns } from "../support/stand-ins.ts";

/** Keeps all claims where their person sees them. */
const mapperFor = (kind: string) => `
local claims = std.extVar("claims");
{ identity: { traits: { email: claims.sub + "@${kind.replace("_", "-")}.example.org" }, metadata_public: { claims: claims } } }`;

interface World extends StandIns {
  readonly server: TestServer;
}

async function startWorld(t: TestContext): Promise<World> {
  const outside = await startStandIns(t);
  const providers = kindRows.map(({ kind, config }) => ({
    id: kind,
    provider: kind,
    mapper_url: program(mapperFor(kind)),
    ...JSON.parse(JSON.stringify({ ...client, ...config, ...(kind === "apple" && { client_secret: undefined }) })),
  }));
  const server = await startServer(t, { config: socialConfig(providers), rewriteUrl: outside.rewriteUrl });
  return { ...outside, server };
}

interface Departed {
  readonly app: Client;
  readonly url: URL;
}

/** Sends somebody to a provider. */
async function depart({ server, answer }: World, row: KindRow, body: object = {}): Promise<Departed> {
  answer(row.answers({ nonce: "" }));
  const app = server.spa();
  return { app, url: new URL(await leave(app, "login", { provider: row.kind, ...body })) };
}

/** The state that a provider is to hand back; by OAuth 1.0a it is told in the call for a token. */
function stateOf({ url }: Departed, { got }: World): string {
  const said = url.searchParams.get("state");
  if (said) return said;
  const call = got.findLast(({ to }) => to.endsWith("/oauth/request_token"))!;
  const callback = /oauth_callback="([^"]+)"/.exec(call.headers.authorization!)![1]!;
  return new URL(decodeURIComponent(callback)).searchParams.get("state")!;
}

/** Brings somebody back from a provider. */
async function arrive(world: World, row: KindRow, departed: Departed, changes: object = {}) {
  world.answer({ ...row.answers({ nonce: departed.url.searchParams.get("nonce") ?? "" }), ...changes });
  world.got.length = row.kind === "x" ? world.got.length : 0;
  const query = new URLSearchParams({ state: stateOf(departed, world), code: "the-code", ...row.returns });
  return departed.app.get(`${callbackOf(row)}?${query}`, { accept: "application/json" });
}

/** Where a provider sends people back to. */
const callbackOf = ({ kind }: KindRow): string =>
  `/self-service/methods/${kind === "jackson" ? "saml" : "oidc"}/callback${kind === "uaepass" ? "" : `/${kind}`}`;

const callTo = ({ got }: World, to: string): GotCall => {
  const call = got.findLast((one) => one.to === to);
  assert.ok(call, `${to} was not called, but ${got.map((one) => one.to).join(", ")}`);
  return call;
};

test("the table has every kind of provider", () => {
  assert.deepEqual(kindRows.map(({ kind }) => kind).toSorted(), providerKinds.toSorted());
  assert.equal(kindRows.length, 27);
});

test("people sign in at every kind of provider, by requests as it wants them, and mappers see what it says", async (t) => {
  const world = await startWorld(t);
  for (const row of kindRows)
    await t.test(row.kind, async () => {
      const departed = await depart(world, row);
      judgeAuthorization(row, departed.url);
      const answer = await arrive(world, row, departed, shortLived(row, departed));
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      await judgeTokenRequest(row, callTo(world, row.token));
      if (row.person) callTo(world, row.person);
      const { body } = await departed.app.get("/sessions/whoami", { accept: "application/json" });
      const { raw_claims: _, nonce: __, ...claims } = body.identity.metadata_public.claims as Json;
      assert.deepEqual(claims, row.claims);
      await judgeRefresh(world, row, body.identity.id);
    });
});

/** Tokens that have run out as soon as they are there, and how to renew them: OAuth 1.0a knows neither. */
const shortLived = (row: KindRow, { url }: Departed): object => {
  if (row.kind === "x") return {};
  const usual = row.answers({ nonce: url.searchParams.get("nonce") ?? "" })[row.token]!;
  const lasting =
    row.secretIn === "json" ? { expireIn: 30, refreshToken: "rt-1" } : { expires_in: 30, refresh_token: "rt-1" };
  return {
    [row.token]: async (call: GotCall) => ({
      ...((typeof usual === "function" ? await usual(call) : usual) as object),
      ...lasting,
    }),
  };
};

/** The account's token is renewed as a provider of the kind wants it. */
async function judgeRefresh(world: World, row: KindRow, id: string): Promise<void> {
  const ask = () => world.server.admin("POST", `/admin/identities/${id}/providers/${row.kind}/token`);
  if (row.kind === "x") return assert.equal((await ask()).body.access_token, "at-1");
  const fresh =
    row.secretIn === "json"
      ? { accessToken: "at-2", expireIn: 3600 }
      : { ok: true, access_token: "at-2", token_type: "Bearer", expires_in: 3600 };
  world.answer({ ...row.answers({ nonce: "" }), [row.token]: fresh });
  const { status, body } = await ask();
  assert.deepEqual([status, body.access_token], [200, "at-2"], JSON.stringify(body));
  const call = callTo(world, row.token);
  if (row.secretIn === "json") {
    const { grantType, refreshToken } = JSON.parse(call.body);
    return assert.deepEqual([grantType, refreshToken], ["refresh_token", "rt-1"]);
  }
  const form = new URLSearchParams(call.body);
  assert.deepEqual([form.get("grant_type"), form.get("refresh_token")], ["refresh_token", "rt-1"]);
  if (row.secretIn === "header") assert.match(call.headers.authorization!, /^Basic /);
  else assert.ok(form.get("client_secret"));
}

function judgeAuthorization(row: KindRow, url: URL): void {
  assert.equal(url.origin + url.pathname, row.authorize);
  const {
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: method,
    ...rest
  } = Object.fromEntries(url.searchParams) as Record<string, string>;
  const usual = {
    client_id: client.client_id,
    redirect_uri: `http://id.example.org${callbackOf(row)}`,
    response_type: "code",
  };
  assert.deepEqual(rest, { ...(row.kind !== "x" && usual), ...row.with });
  assert.equal(state !== undefined, row.kind !== "x");
  assert.equal(nonce !== undefined, row.nonce ?? false, "a nonce wherever there is an ID token to repeat it");
  assert.deepEqual([challenge !== undefined, method], row.pkce ? [true, "S256"] : [false, undefined]);
}

async function judgeTokenRequest(row: KindRow, { headers, body }: GotCall): Promise<void> {
  const { secretIn = "body" } = row;
  const { client_id: id, client_secret: secret } = client;
  if (row.kind === "x") {
    assert.match(headers.authorization!, /^OAuth .*oauth_token="rt-1".*oauth_verifier="verifier".*oauth_signature="/);
    return;
  }
  if (secretIn === "json") {
    const asked = { clientId: id, clientSecret: secret, grantType: "authorization_code", code: "the-code" };
    assert.deepEqual(JSON.parse(body), asked);
    return;
  }
  const {
    client_secret: sent,
    code_verifier: verifier,
    redirect_uri: back,
    ...form
  } = Object.fromEntries(new URLSearchParams(body)) as Record<string, string>;
  const usual = { grant_type: "authorization_code", code: "the-code", ...row.tokenWith };
  assert.deepEqual(form, { ...usual, ...(secretIn !== "header" && { client_id: id }) });
  assert.equal(back, `http://id.example.org${callbackOf(row)}`);
  assert.equal(verifier !== undefined, row.pkce ?? false);
  if (secretIn === "header")
    assert.equal(headers.authorization, `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`);
  else if (secretIn === "body") assert.equal(sent, secret);
  else await judgeSecret(sent!);
}

async function judgeSecret(secret: string): Promise<void> {
  const { payload, protectedHeader } = await jwtVerify(secret, applesPublicKey, {
    algorithms: ["ES256"],
    issuer: "TEAM",
    subject: client.client_id,
    audience: "https://appleid.apple.com",
  });
  assert.equal(protectedHeader.kid, "KEY");
  assert.equal(payload.exp! - payload.iat!, 300);
}

test("whatever a provider of any kind answers in place of what it should, nobody is signed in and the provider is named at fault", async (t) => {
  const world = await startWorld(t);
  const wrong = [
    { httpStatus: 400, error: "invalid_grant", error_description: "the code is over" },
    { httpStatus: 503 },
    "<html>maintenance</html>",
    { nothing: "of use" },
    [],
  ];
  for (const row of kindRows)
    for (const to of [row.token, row.person].filter((one) => one !== undefined))
      for (const answer of wrong) {
        const { status, body } = await arrive(world, row, await depart(world, row), { [to]: answer });
        assert.equal(status, 502, `${row.kind} ${to} ${JSON.stringify(answer)}: ${JSON.stringify(body)}`);
        assert.doesNotMatch(JSON.stringify(body), /site-secret|at-1/);
      }
});

test("what somebody is asked anew for depends on the kind", async (t) => {
  const world = await startWorld(t);
  const prompts = { generic: "login", gitlab: "login", discord: "consent", patreon: "consent", github: null };
  for (const [kind, prompt] of Object.entries(prompts)) {
    const row = kindRows.find((one) => one.kind === kind)!;
    const departed = await depart(world, row);
    await arrive(world, row, departed);
    world.answer(row.answers({ nonce: "" }));
    const hints = { upstream_parameters: { prompt: "none" } };
    const url = await leave(departed.app, "login", { provider: kind, ...hints }, "?refresh=true");
    assert.equal(new URL(url).searchParams.get("prompt"), kind === "github" ? "none" : prompt, kind);
  }
});

test("scopes that were not granted are missed where signing in takes them", async (t) => {
  const world = await startWorld(t);
  for (const kind of ["github", "discord", "slack", "spotify"]) {
    const row = kindRows.find((one) => one.kind === kind)!;
    const answer = { ok: true, access_token: "at-1", token_type: "Bearer", scope: "another" };
    const { status, body } = await arrive(world, row, await depart(world, row), { [row.token]: answer });
    assert.equal(status, 400, kind);
    assert.match(JSON.stringify(body), /were not granted/);
  }
});

test("whoever denies at X, or comes back with the token of another request, is not signed in", async (t) => {
  const world = await startWorld(t);
  const row = kindRows.find(({ kind }) => kind === "x")!;
  const denied = await arrive(world, { ...row, returns: { denied: "rt-1" } }, await depart(world, row));
  assert.equal(denied.status, 400);
  const other = { oauth_token: "rt-2", oauth_verifier: "verifier" };
  const mixed = await arrive(world, { ...row, returns: other }, await depart(world, row));
  assert.equal(mixed.status, 400);
});
