import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Client, Json } from "../support/client.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { startOpenidProvider } from "../support/openid-provider.ts";
import type { OpenidProvider } from "../support/openid-provider.ts";
import { credentials } from "../../src/identity/entities.ts";
import { warningLog } from "../support/log.ts";
import { rowsOf } from "../support/rows.ts";
import { startServer } from "../support/server.ts";
import type { TestServer, TestServerOptions } from "../support/server.ts";
import { entryOf, signInBy, socialConfig, withProvider } from "../support/social.ts";
import { makeTenant } from "../tenants/world.ts";

const ada = { subject: "ada", claims: { email: "ada@example.org", email_verified: true, given_name: "Ada" } };
const minute = 60_000;
const openid = { accessTokenSeconds: 300 };

/** Signs Ada in by the provider, up where she is new; answers her id here. */
async function idOf(op: OpenidProvider, app: Client): Promise<string> {
  const { status, body } = await signInBy(op, app, ada, { kind: "login" });
  assert.equal(status, 200, JSON.stringify(body));
  return (await app.get("/sessions/whoami")).body.identity.id;
}

const ask = (server: TestServer, id: string, query = "") =>
  server.admin("POST", `/admin/identities/${id}/providers/acme/token${query}`);

/** How often a provider was asked for tokens. */
const exchanges = ({ got }: OpenidProvider) => got.filter(({ path }) => path === "/token").length;

/** Asks the provider who the owner of a token is. */
const ownerOf = async ({ issuer }: OpenidProvider, token: string): Promise<Json> =>
  (await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${token}` } })).json();

const accountIn = (body: Json): Json => body.credentials.oidc.config.providers[0];

withProvider(
  "the tokens of a linked account are sealed in the database, and shown to administrators who ask for them",
  async ({ server, openid: op }) => {
    const id = await idOf(op, server.spa());
    const stored = JSON.stringify(await rowsOf(server.app.db, credentials));
    assert.match(stored, /"initial_access_token":"sealed:/);
    const { body: plain } = await server.admin("GET", `/admin/identities/${id}`);
    assert.equal(plain.credentials.oidc.config, undefined);
    const { body } = await server.admin("GET", `/admin/identities/${id}?include_credential=oidc`);
    assert.deepEqual(body.credentials.oidc.identifiers, ["acme:ada"]);
    const account = accountIn(body);
    assert.deepEqual(Object.keys(account).toSorted(), [
      ...["initial_access_token", "initial_id_token", "initial_refresh_token", "provider", "subject"],
    ]);
    assert.equal(JSON.parse(Buffer.from(account.initial_id_token.split(".")[1], "base64url").toString()).sub, "ada");
    assert.equal((await ownerOf(op, account.initial_access_token)).sub, "ada");
    for (const name of ["initial_id_token", "initial_access_token", "initial_refresh_token"])
      assert.ok(account[name] && !stored.includes(account[name]), `${name} is in nobody's reach`);

    const patched = await server.admin("PATCH", `/admin/identities/${id}`, {
      json: [{ op: "replace", path: "/metadata_public", value: { vip: true } }],
    });
    assert.equal(patched.status, 200, JSON.stringify(patched.body));
    const { body: after } = await server.admin("GET", `/admin/identities/${id}?include_credential=oidc`);
    assert.deepEqual(accountIn(after), account, "a patch leaves them alone");
  },
);

withProvider(
  "a linked account's token is answered as it is while it lives, and renewed once it has run out",
  async ({ server, openid: op }) => {
    const id = await idOf(op, server.spa());
    const before = exchanges(op);
    const first = await ask(server, id);
    assert.equal(first.status, 200, JSON.stringify(first.body));
    assert.equal((await ownerOf(op, first.body.access_token)).sub, "ada");
    assert.equal(first.headers.get("cache-control"), "no-store");
    assert.deepEqual([first.body.subject, first.body.scope], ["ada", "openid email profile"]);
    assert.equal((await ask(server, id)).body.access_token, first.body.access_token);
    assert.equal(exchanges(op), before, "the provider is not asked for what is known");

    for (let time = 1; time <= 3; time++) {
      server.advance(5 * minute);
      const renewed = await ask(server, id);
      assert.equal(renewed.status, 200, JSON.stringify(renewed.body));
      assert.ok(new Date(renewed.body.expires_at) > server.now());
      assert.equal((await ownerOf(op, renewed.body.access_token)).sub, "ada");
      assert.equal(exchanges(op), before + time, "each refresh token is used once");
    }
    const { body } = await server.admin("GET", `/admin/identities/${id}?include_credential=oidc`);
    assert.notEqual(accountIn(body).initial_access_token, (await ask(server, id)).body.access_token);
  },
  { openid },
);

withProvider(
  "a provider that is out of order is told of, and asked again as soon as somebody asks",
  async ({ server, openid: op }) => {
    const id = await idOf(op, server.spa());
    server.advance(5 * minute);
    op.answer("with 503");
    const failed = await ask(server, id);
    assert.equal(failed.status, 502, JSON.stringify(failed.body));
    op.answer("as usual");
    assert.equal((await ask(server, id)).status, 200);
  },
  { openid },
);

withProvider(
  "where a provider refuses to renew a token, its owner has to sign in again, and then it is there",
  async ({ server, openid: op }) => {
    const id = await idOf(op, server.spa());
    const { body } = await server.admin("GET", `/admin/identities/${id}?include_credential=oidc`);
    const refresh = () =>
      fetch(`${op.issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from("site:site-secret").toString("base64")}` },
        body: new URLSearchParams({
          grant_type: "refresh_token",
          refresh_token: accountIn(body).initial_refresh_token,
        }),
      });
    // Somebody who uses a refresh token twice ends all that came of it.
    assert.deepEqual([(await refresh()).status, (await refresh()).status], [200, 400]);
    server.advance(5 * minute);
    const refused = await ask(server, id);
    assert.equal(refused.status, 410, JSON.stringify(refused.body));
    assert.match(refused.body.error.reason, /sign in again/);
    assert.equal(await idOf(op, server.spa()), id);
    assert.equal((await ask(server, id)).status, 200);
  },
  { openid },
);

withProvider("nobody gets a token of an account that is not linked, or is another tenant's", async (social) => {
  const { server, openid: op } = social;
  const id = await idOf(op, server.spa());
  const pat = await server.createPerson({ email: "pat@example.org", password: "correct-horse-battery-1" });
  assert.equal((await ask(server, pat.id)).status, 404);
  assert.equal((await ask(server, "no-uuid")).status, 404);
  assert.equal((await ask(server, id, "?subject=eve")).status, 404);
  assert.equal((await ask(server, id, "?subject=ada")).status, 200);
  assert.equal((await server.admin("POST", `/admin/identities/${id}/providers/other/token`)).status, 404);
  const acme = await makeTenant(server, "acme");
  assert.equal((await acme.admin("POST", `/admin/identities/${id}/providers/acme/token`)).status, 404);
  const removed = await server.admin("DELETE", `/admin/identities/${pat.id}/credentials/oidc?identifier=acme:ada`);
  assert.equal(removed.status, 404);
});

withProvider("accounts that were imported have no token until they sign in", async ({ server, openid: op }) => {
  const { body: made } = await server.adminClient.post("/admin/identities", {
    schema_id: "person",
    traits: { email: "ada@example.org" },
    credentials: { oidc: { config: { providers: [{ provider: "acme", subject: "ada" }] } } },
  });
  assert.equal((await ask(server, made.id)).status, 410);
  assert.equal(await idOf(op, server.spa()), made.id);
  assert.equal((await ask(server, made.id)).status, 200);
  const { body } = await server.admin("GET", `/admin/identities/${made.id}?include_credential=oidc`);
  assert.equal(accountIn(body).initial_access_token, "", "what it was linked with stays as it was");
});

/** Runs a test once per engine, with two servers over one database; each is told of providers in its own way. */
function onTwo(
  title: string,
  run: (servers: readonly [TestServer, TestServer], t: TestContext) => Promise<void>,
  told: (t: TestContext) => Promise<readonly [TestServerOptions, TestServerOptions]>,
): void {
  for (const dialect of databases)
    test(`${title} (${dialect})`, async (t) => {
      const { dsn, drop } = await createMigrated(dialect);
      const [one, other] = await told(t);
      const servers = [await startServer(t, { ...one, dsn }), await startServer(t, { ...other, dsn })] as const;
      t.after(() => drop());
      await run(servers, t);
    });
}

let shared: OpenidProvider;
onTwo(
  "however many ask at once on two servers, a token is renewed once",
  async ([one, other]) => {
    const id = await idOf(shared, one.spa());
    one.advance(5 * minute);
    other.advance(5 * minute);
    const before = exchanges(shared);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => ask(at % 2 ? one : other, id)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array<number>(10).fill(200),
    );
    assert.equal(new Set(answers.map(({ body }) => body.access_token)).size, 1);
    assert.equal(exchanges(shared), before + 1);
  },
  async (t) => {
    shared = await startOpenidProvider(t, openid);
    const config = socialConfig([entryOf(shared)]);
    return [{ config }, { config }];
  },
);

let heard: ReturnType<typeof warningLog>;
let issuers: readonly OpenidProvider[];
onTwo(
  "a provider that speaks for another issuer than it did is told of in the log",
  async ([one, other]) => {
    const id = await idOf(issuers[0]!, one.spa());
    assert.equal(await idOf(issuers[0]!, one.spa()), id);
    assert.deepEqual(heard.warnings, []);
    await idOf(issuers[1]!, other.spa());
    assert.equal(heard.warnings.length, 1);
    assert.match(heard.warnings[0]!, /issuer of a provider has changed/);
  },
  async (t) => {
    issuers = [await startOpenidProvider(t), await startOpenidProvider(t)];
    heard = warningLog();
    const told = issuers.map((op) => ({ log: heard.log, config: socialConfig([entryOf(op)]) }));
    return [told[0]!, told[1]!];
  },
);
