import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../support/client.ts";
import { collectingLog } from "../support/log.ts";
import { begin, password, signInNatively, submit } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

test("a patch that leaves no credential in a credential's place, or no document in a document's, is refused", async (t) => {
  const { log, events } = collectingLog();
  const server = await startServer(t, { log });
  const { id } = await server.createPerson({ email: "pat@example.org", password: "correct-horse-battery-9" });
  const places = [
    "/credentials/password",
    "/credentials/totp",
    "/credentials/password/config",
    "/credentials/password/identifiers",
    "/traits",
    "/verifiable_addresses",
    "/verifiable_addresses/0",
    "/schema_id",
    "/state",
    "/metadata_public",
    "/external_id",
    "/organization_id",
  ];
  for (const path of places)
    for (const op of ["add", "replace"])
      for (const value of [
        null,
        1,
        "x",
        true,
        [],
        [null],
        {},
        { config: null },
        { type: "totp", config: { totp_url: 1 } },
      ]) {
        const { status, body } = await server.admin("PATCH", `/admin/identities/${id}`, {
          json: [{ op, path, value }],
        });
        assert.ok(
          status === 200 || status === 400 || status === 404,
          `${op} ${path} ${JSON.stringify(value)}: ${status} ${JSON.stringify(body)}`,
        );
      }
  assert.deepEqual(events, []);
});

/** What a patch can write in the place of what a credential holds. */
const junk: readonly Json[] = [
  null,
  1,
  "x",
  "",
  true,
  {},
  { x: 1 },
  [null],
  [1],
  [[1]],
  [{}],
  [{ code: 1 }],
  [{ code: "abcd", used_at: 1 }],
  [{ code: "abcd", used_at: "never" }],
  [{ channel: 1 }],
  [{ id: 1, public_key: 1 }],
];
const holdings: Readonly<Record<string, readonly string[]>> = {
  password: ["hashed_password"],
  totp: ["totp_url"],
  lookup_secret: ["recovery_codes"],
  webauthn: ["credentials", "user_handle"],
  passkey: ["credentials", "user_handle"],
  code: ["addresses"],
};

test("what a patch writes into a credential is refused, or does not fail those who use it", async (t) => {
  const { log, events } = collectingLog();
  const methods = {
    password: { config: { throttle: { enabled: false } } },
    code: { enabled: true, mfa_enabled: true },
    totp: { enabled: true },
    lookup_secret: { enabled: true },
  };
  const server = await startServer(t, {
    log,
    config: { selfservice: { methods }, courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/" } } },
  });
  const { id } = await server.createPerson({ email: "pat@example.org", password });
  const headers = await signInNatively(server, "pat@example.org");
  for (const [type, members] of Object.entries(holdings))
    for (const value of junk)
      for (const config of [value, ...members.map((member) => ({ [member]: value }))]) {
        const what = `${type}: ${JSON.stringify(config)}`;
        const own = type === "password" || type === "code" || type === "webauthn" ? "pat@example.org" : id;
        const { status } = await server.admin("PATCH", `/admin/identities/${id}`, {
          json: [{ op: "add", path: `/credentials/${type}`, value: { type, identifiers: [own], config } }],
        });
        assert.ok(status === 200 || status === 400, `${what}: ${status}`);
        if (status === 200 && type !== "password") await use(server, type, headers, what);
        assert.deepEqual(events, [], what);
      }
});

async function use(server: TestServer, method: string, headers: Record<string, string>, what: string): Promise<void> {
  const answers = [
    await server.public("GET", "/sessions/whoami", { headers }),
    await server.public("GET", "/self-service/settings/api", { headers }),
  ];
  const flow = await begin(server, "login", headers, "?aal=aal2").catch(() => undefined);
  if (flow?.ui)
    answers.push(
      await submit(
        server,
        flow,
        { method, totp_code: "123456", lookup_secret: "abcd", address: "pat@example.org" },
        headers,
      ),
    );
  for (const { status, body } of answers) assert.ok(status < 500, `${what}: ${JSON.stringify(body)}`);
}
