import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../support/client.ts";
import { begin, password, signedIn, submit, submitIn } from "../support/person.ts";
import type { Person } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const page = (name: string) => ({ enabled: true, ui_url: `http://app.example.org/${name}` });
const config = {
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  selfservice: {
    methods: { code: { enabled: true } },
    flows: {
      settings: { ui_url: "http://app.example.org/settings" },
      recovery: page("recovery"),
      verification: page("verification"),
    },
  },
};

const stranger = "0190a000-0000-7000-8000-000000000001";
const address = { value: "pat@example.org", via: "email", verified: true, status: "completed" };

/** What only administrators say of an account, in the words of their API. */
const extras = {
  ...{
    id: stranger,
    identity_id: stranger,
    schema_id: "admin",
    state: "inactive",
    external_id: "mine",
    organization_id: stranger,
    region: "us",
  },
  ...{
    metadata_public: { role: "admin" },
    metadata_admin: { role: "admin" },
    available_aal: "aal2",
    aal: "aal2",
    active: true,
  },
  ...{ verifiable_addresses: [address], recovery_addresses: [{ value: "eve@example.org", via: "email" }] },
  credentials: {
    password: { config: { hashed_password: "$2a$10$ZsCsoVQ3xfBG/K2z2XpBf.tm90GZmtOqtqWcB5.pYd5Eq8y7RlDyq" } },
  },
  identity: { id: stranger, state: "inactive", metadata_admin: { role: "admin" } },
};

/** A submission that means no more than it says. */
interface Route {
  readonly kind: string;
  /** Whether it takes somebody who is signed in. */
  readonly signed?: boolean;
  readonly body: object;
}

const routes: Readonly<Record<string, readonly Route[]>> = {
  "POST /self-service/login": [
    { kind: "login", body: { method: "password", identifier: "pat@example.org", password } },
  ],
  "POST /self-service/registration": [
    { kind: "registration", body: { method: "password", password, traits: { email: "new@example.org" } } },
  ],
  "POST /self-service/settings": [
    {
      kind: "settings",
      signed: true,
      body: { method: "profile", traits: { email: "pat@example.org", name: { first: "Pat" } } },
    },
    { kind: "settings", signed: true, body: { method: "password", password: "another-horse-battery-10" } },
  ],
  "POST /self-service/recovery": [{ kind: "recovery", body: { method: "code", email: "pat@example.org" } }],
  "POST /self-service/verification": [{ kind: "verification", body: { method: "code", email: "pat@example.org" } }],
};

/** The first ends a session, the last one answers an application; the others are for providers, and write no account by what is in their bodies. */
const elsewhere = [
  "DELETE /self-service/logout/api",
  "POST /self-service/fed-cm/token",
  "POST /self-service/methods/oidc/callback",
  "POST /self-service/methods/oidc/callback/{provider}",
  "POST /self-service/methods/oidc/organization/{organization}/callback/{provider}",
  "POST /self-service/methods/saml/callback/{provider}",
  "PUT /account/consent-request",
];

test("every public call that takes a body is in the table", async (t) => {
  const { native } = await startServer(t, { config });
  const { paths } = (await native.get("/openapi.json")).body as { paths: Record<string, Record<string, Json>> };
  const calls = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).flatMap(([verb, { requestBody }]) => (requestBody ? [`${verb.toUpperCase()} ${path}`] : [])),
  );
  assert.deepEqual(calls.toSorted(), [...Object.keys(routes), ...elsewhere].toSorted());
});

/** What of an account nobody but an administrator decides. */
function facts({
  id,
  schema_id,
  state,
  external_id,
  organization_id,
  region,
  metadata_public,
  metadata_admin,
  ...account
}: Json) {
  const { verifiable_addresses: addresses, recovery_addresses: ways, credentials } = account;
  return {
    ...{ id, schema_id, state, external_id, organization_id, region, metadata_public, metadata_admin },
    verified: addresses.map(({ value, verified }: Json) => [value, verified]),
    ways: ways.map(({ value }: Json) => value),
    credentials: Object.keys(credentials).toSorted(),
    foreignHash: credentials.password?.config?.hashed_password?.startsWith("$2a$"),
  };
}

const accountOf = async (server: TestServer, id: string) =>
  facts((await server.adminClient.get(`/admin/identities/${id}?include_credential=password`)).body);

for (const [call, submissions] of Object.entries(routes))
  for (const { kind, signed, body } of submissions.filter(({ kind: one }) => one !== "registration"))
    test(`${call} (${(body as { method: string }).method}) takes nothing that is not a person's to say`, async (t) => {
      const server = await startServer(t, { config });
      const pat: Person = await signedIn(server);
      const before = await accountOf(server, pat.id);
      const headers = signed ? pat.headers : ({} as Record<string, string>);
      const native = await submit(server, await begin(server, kind, headers), { ...body, ...extras }, headers);
      const app = server.spa();
      const changed = signed && "password" in body ? body.password : password;
      if (signed) await submitIn(app, "login", { method: "password", identifier: pat.email, password: changed });
      const again = signed && "password" in body ? { password: "yet-another-battery-11" } : {};
      const inBrowser = await submitIn(app, kind, { ...body, ...again, ...extras });
      for (const { status, body: answer } of [native, inBrowser]) {
        assert.equal(status, 200, JSON.stringify(answer));
        assert.doesNotMatch(JSON.stringify(answer), new RegExp(`${stranger}|"role":`));
      }
      assert.deepEqual(await accountOf(server, pat.id), before);
    });

test("POST /self-service/registration takes nothing that is not a person's to say", async (t) => {
  const server = await startServer(t, { config });
  const [{ body }] = routes["POST /self-service/registration"] as readonly [Route];
  const { status, body: answer } = await submit(
    server,
    await begin(server, "registration", {}),
    { ...body, ...extras },
    {},
  );
  assert.equal(status, 200, JSON.stringify(answer));
  const { id, ...account } = await accountOf(server, answer.identity.id);
  assert.notEqual(id, stranger);
  assert.deepEqual(account, {
    ...{
      schema_id: "person",
      state: "active",
      external_id: undefined,
      organization_id: null,
      region: undefined,
      metadata_public: null,
      metadata_admin: null,
    },
    ...{
      verified: [["new@example.org", false]],
      ways: ["new@example.org"],
      credentials: ["password"],
      foreignHash: false,
    },
  });
  const hidden = {
    method: "password",
    password,
    traits: { email: "eve@example.org", metadata_admin: { role: "admin" } },
  };
  assert.equal((await submit(server, await begin(server, "registration", {}), hidden, {})).status, 400);
});
