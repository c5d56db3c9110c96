import assert from "node:assert/strict";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import type { TestServer } from "../support/server.ts";
import { program, signInBy, withProvider } from "../support/social.ts";

const mapper = program(`
  local claims = std.extVar("claims");
  local before = std.extVar("identity");
  {
    identity: {
      traits: { email: claims.email, name: { first: claims.given_name } },
      [if std.objectHas(claims, "picture") then "metadata_public"]: { picture: claims.picture },
      metadata_admin: { seen: before.metadata_public },
      verified_addresses: if claims.email_verified then [{ via: "email", value: claims.email }] else [],
    },
  }`);
const automatic = { entry: { mapper_url: mapper, update_identity_on_login: "automatic" } };
const told = { email: "ada@example.org", email_verified: true, given_name: "Ada" };
const ada = (changes: object = {}) => ({ subject: "ada", claims: { ...told, ...changes } });

/** The only account, as administrators see it. */
async function account(server: TestServer): Promise<Json> {
  const { body } = await server.adminClient.get("/admin/identities");
  assert.equal(body.length, 1);
  return (await server.adminClient.get(`/admin/identities/${body[0].id}`)).body;
}

withProvider(
  "what a provider says of somebody now lies over what was known, at each sign-in",
  async ({ server, openid }) => {
    const in_ = async (person: ReturnType<typeof ada>) => {
      const answer = await signInBy(openid, server.spa(), person);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return account(server);
    };
    const { id, verifiable_addresses: verified } = await in_(ada({ picture: "a.png" }));
    await server.admin("PATCH", `/admin/identities/${id}`, { json: [{ op: "add", path: "/traits/age", value: 36 }] });

    const same = await in_(ada({ picture: "a.png" }));
    const news = await in_(ada({ given_name: "Augusta" }));
    assert.deepEqual(
      [news.traits, news.metadata_public, news.metadata_admin],
      [
        { email: told.email, name: { first: "Augusta" }, age: 36 },
        { picture: "a.png" },
        { seen: { picture: "a.png" } },
      ],
      "what the mapper leaves out stays",
    );
    assert.deepEqual(news.verifiable_addresses, verified, "the address stays verified since when it was");
    assert.equal(
      (await in_(ada({ given_name: "Augusta" }))).updated_at,
      news.updated_at,
      "nothing new, nothing written",
    );
    assert.equal(same.traits.age, 36);

    const moved = await in_(ada({ email: "augusta@example.org", given_name: "Augusta" }));
    const [address, ...others] = moved.verifiable_addresses;
    assert.deepEqual([address.value, address.verified, others], ["augusta@example.org", true, []]);
  },
  automatic,
);

withProvider(
  "an address that is somebody else's, and traits that no longer fit, keep the account as it is",
  async ({ server, openid }) => {
    await signInBy(openid, server.spa(), ada());
    const before = await account(server);
    const eve = { email: "eve@example.org", password: "correct horse battery" };
    const { id } = await server.createPerson(eve);
    const app = server.spa();
    const taken = await signInBy(openid, app, ada({ email: eve.email }));
    const { body: flow } = await app.get(taken.location ?? "", { accept: "application/json" });
    assert.ok(messageIds(flow.ui ? flow : taken.body).includes(4000007), JSON.stringify([taken.body, flow]));
    await server.admin("DELETE", `/admin/identities/${id}`);
    assert.equal((await signInBy(openid, server.spa(), ada({ given_name: "A" }))).status, 500);
    const { credentials: _, updated_at: _at, ...after } = await account(server);
    assert.deepEqual(after, Object.fromEntries(Object.entries(before).filter(([name]) => name in after)));
  },
  automatic,
);

withProvider(
  "without that setting an account stays what it was at the sign-up",
  async ({ server, openid }) => {
    await signInBy(openid, server.spa(), ada());
    assert.equal((await signInBy(openid, server.spa(), ada({ given_name: "Augusta" }))).status, 200);
    assert.deepEqual((await account(server)).traits, { email: told.email, name: { first: "Ada" } });
  },
  { entry: { mapper_url: mapper } },
);
