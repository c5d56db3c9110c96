import assert from "node:assert/strict";
import { test } from "node:test";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";

const traits = { email: "ida@example.org" };
const key = "otpauth://totp/Elsewhere:ida?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Elsewhere";

onEachDatabase(
  "what was brought along is of the version that Kratos gives it, and says what was not used",
  async (server) => {
    const made = await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits,
      credentials: {
        password: { config: { password: "correct horse battery" } },
        totp: { config: { totp_url: key } },
        lookup_secret: {
          config: { codes: [{ code: "backup-one" }, { code: "backup-two", used_at: "2024-01-02T03:04:05Z" }] },
        },
        oidc: { config: { providers: [{ provider: "op", subject: "s-1" }] } },
      },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const query = ["totp", "lookup_secret", "oidc"].map((type) => `include_credential=${type}`).join("&");
    const { body } = await server.adminClient.get(`/admin/identities/${made.body.id}?${query}`);
    const versions = Object.values(body.credentials as Record<string, { type: string; version: number }>).map(
      ({ type, version }) => [type, version],
    );
    assert.deepEqual(Object.fromEntries(versions), { password: 1, totp: 0, lookup_secret: 0, oidc: 0 });
    const [unused, used] = body.credentials.lookup_secret.config.recovery_codes;
    assert.deepEqual(
      [unused, Date.parse(used.used_at)],
      [{ code: "backup-one", used_at: null }, Date.parse("2024-01-02T03:04:05Z")],
    );
  },
);

test("an import that would leave nothing is refused", async (t) => {
  const server = await startServer(t);
  for (const password of [
    { config: {} },
    {},
    { config: { password: "" } },
    { config: { hashed_password: "", use_password_migration_hook: false } },
  ]) {
    const { status, body } = await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits,
      credentials: { password },
    });
    assert.deepEqual([status, body.error?.code], [400, 400], JSON.stringify(password));
  }
  const address = { via: "email", value: "ida@example.org" };
  const organization = "0190b3a0-0000-7000-8000-000000000000";
  const broken = await server.adminClient.post("/admin/identities", {
    schema_id: "person",
    traits,
    recovery_addresses: [{ ...address, break_glass_for_organization: organization }],
  });
  assert.deepEqual([broken.status, /break_glass/.test(broken.body.error.reason)], [400, true]);
  const plain = await server.adminClient.post("/admin/identities", {
    schema_id: "person",
    traits,
    recovery_addresses: [{ ...address, break_glass_for_organization: null }],
  });
  assert.equal(plain.status, 201, JSON.stringify(plain.body));
  const patch = (op: object) => server.adminClient.send("PATCH", `/admin/identities/${plain.body.id}`, { json: [op] });
  const ways = [
    { op: "add", path: "/recovery_addresses/0/break_glass_for_organization", value: organization },
    { op: "add", path: "/recovery_addresses/-", value: { ...address, break_glass_for_organization: organization } },
  ];
  for (const way of ways) assert.equal((await patch(way)).status, 400, way.path);
});
