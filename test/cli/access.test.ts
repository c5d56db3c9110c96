import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writtenTree } from "../../src/config/written.ts";
import { configOf } from "../support/config.ts";
import { runIn } from "../support/command-line.ts";
import { createMigrated } from "../support/databases.ts";
import { startServer } from "../support/server.ts";

const recovery = {
  selfservice: {
    methods: { code: { enabled: true } },
    flows: { recovery: { enabled: true, ui_url: "http://app.example.org/recovery" } },
  },
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/" } },
};

test("keys and the first owner are made on the command line, without a server, and keys by a server", async (t) => {
  const { dsn, drop } = await createMigrated("sqlite");
  const folder = mkdtempSync(join(tmpdir(), "ostiary-cli-"));
  t.after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await drop();
  });
  const config = { ...recovery, serve: { admin: { authentication: { required: true } } } };
  const file = join(folder, "kratos.json");
  writeFileSync(file, JSON.stringify(writtenTree(configOf({ ...config, dsn }))));
  const server = await startServer(t, { dsn, config });
  const made = await runIn({}, "api-keys", "create", "ops", "--scope", "api_keys.*,administrators.*", "-c", file);
  assert.equal(made.code, 0, made.err);
  const secret = made.out.trim();
  assert.match(secret, /^ost_/);

  await t.test("by the key a server is spoken to", async () => {
    const refused = await runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "api-keys", "list");
    assert.equal(refused.code, 1);
    assert.match(refused.err, /carries no credential/);
    const environment = { KRATOS_ADMIN_URL: server.adminUrl, ADMIN_TOKEN: secret };
    const listed = await runIn(environment, "api-keys", "list", "--format", "json");
    assert.equal(listed.code, 0, listed.err);
    const keys = JSON.parse(listed.out) as { id: string; name: string }[];
    assert.deepEqual(
      keys.map(({ name }) => name),
      ["ops"],
    );
    const beyond = await runIn(environment, "api-keys", "create", "more", "--scope", "*");
    assert.match(beyond.err, /cannot do what its creator may not/);
    const child = await runIn(
      environment,
      "api-keys",
      "create",
      "child",
      "--scope",
      "api_keys.read",
      "--expires-in",
      "1h",
    );
    assert.equal(child.code, 0, child.err);
    const typed = await runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "api-keys", "list", "--token", child.out.trim());
    assert.match(typed.out, /child/);
    const unknown = await runIn({}, "api-keys", "create", "x", "--scope", "nonsense.read", "-c", file);
    assert.match(unknown.err, /no scope "nonsense.read"/);
  });

  await t.test("the first owner gets a link", async () => {
    const created = await runIn({}, "admin", "create", "Owner@Example.org", "-c", file, "--format", "json");
    assert.equal(created.code, 0, created.err);
    const owner = JSON.parse(created.out) as { identity_id: string; created: boolean; link: string; code: string };
    assert.equal(owner.created, true);
    assert.match(owner.link, /^http:\/\/app\.example\.org\/recovery\?flow=/);
    assert.match(owner.code, /^\d{6}$/);
    const flow = new URL(owner.link).searchParams.get("flow")!;
    const browser = server.spa();
    const { body } = await browser.get(`/self-service/recovery/flows?id=${flow}`);
    const used = await browser.post(body.ui.action, { method: "code", code: owner.code });
    assert.equal(used.body.error?.id, "browser_location_change_required", JSON.stringify(used.body));
    const again = await runIn({}, "admin", "create", "owner@example.org", "-c", file);
    assert.match(again.out, new RegExp(`${owner.identity_id}\\)`), "the same account is found");
    const environment = { KRATOS_ADMIN_URL: server.adminUrl, ADMIN_TOKEN: secret };
    const listed = await runIn(environment, "admin", "list");
    assert.match(listed.out, new RegExp(`^${owner.identity_id}  owner$`, "m"));
    for (const none of ["1", "0", "unspecified", "constructor"]) {
      const refused = await runIn(environment, "admin", "grant", owner.identity_id, none);
      assert.equal(refused.code, 2);
      assert.match(refused.err, /is invalid for argument 'role'\. Allowed choices are owner, admin, support, viewer\./);
    }
    assert.equal((await runIn(environment, "admin", "grant", owner.identity_id, "owner")).code, 0);
    const last = await runIn(environment, "admin", "revoke", owner.identity_id);
    assert.equal(last.code, 1);
    assert.match(last.err, /somebody else an owner first/);
  });

  await t.test("a key is revoked", async () => {
    const listed = await runIn({}, "api-keys", "list", "-c", file, "--format", "json");
    for (const { id } of JSON.parse(listed.out) as { id: string }[])
      assert.equal((await runIn({}, "api-keys", "revoke", id, "-c", file)).code, 0);
    const refused = await runIn({ KRATOS_ADMIN_URL: server.adminUrl, ADMIN_TOKEN: secret }, "api-keys", "list");
    assert.match(refused.err, /invalid, expired or revoked/);
  });
});
