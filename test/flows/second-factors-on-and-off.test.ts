import assert from "node:assert/strict";
import { codeSchema, encoded } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { begin, signedIn } from "../support/person.ts";
import { onTwoServers } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

const key = { totp: { config: { totp_url: "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" } } };
const codes = { lookup_secret: { config: { codes: [{ code: "abcd1234" }] } } };
const withMethods = (methods: ConfigTree) => ({ config: { selfservice: { methods } } });

async function seenBy(
  server: TestServer,
  headers: Record<string, string>,
): Promise<[whoami: number, settings: number]> {
  const [whoami, settings] = [
    await server.native.get("/sessions/whoami", { headers }),
    await server.native.get("/self-service/settings/api", { headers }),
  ];
  return [whoami.status, settings.status];
}

onTwoServers(
  "a second factor is asked for where the configuration offers it, whatever it offered when the account was written",
  async (on, off) => {
    for (const [writer, email] of [
      [on, "ada@example.org"],
      [off, "bea@example.org"],
    ] as const) {
      const { id, headers } = await signedIn(writer, email);
      assert.deepEqual(await seenBy(on, headers), [200, 200]);
      await writer.admin("PUT", `/admin/identities/${id}`, {
        json: { traits: { email }, state: "active", credentials: key },
      });
      assert.deepEqual(await seenBy(off, headers), [200, 200], "no form would offer it");
      assert.deepEqual(await seenBy(on, headers), [403, 403]);
      await writer.admin("PUT", `/admin/identities/${id}`, {
        json: { traits: { email }, state: "active", credentials: codes },
      });
      assert.deepEqual(await seenBy(off, headers), [403, 403], "another factor is on there");
      assert.ok(await begin(off, "login", headers, "?aal=aal2"));
      await writer.admin("DELETE", `/admin/identities/${id}/credentials/totp`);
      await writer.admin("DELETE", `/admin/identities/${id}/credentials/lookup_secret`);
      assert.deepEqual(await seenBy(on, headers), [200, 200]);
    }
  },
  withMethods({ totp: { enabled: true }, lookup_secret: { enabled: true } }),
  withMethods({ totp: { enabled: false }, lookup_secret: { enabled: true } }),
);

const schemas = [{ id: "person", url: encoded(codeSchema) }];
const withCode = (code: ConfigTree) => ({
  config: { identity: { default_schema_id: "person", schemas }, selfservice: { methods: { code } } },
});

onTwoServers(
  "codes become the second factor of accounts that were there before, and cease to be",
  async (on, off) => {
    for (const writer of [off, on]) {
      const { headers } = await signedIn(writer, writer === on ? "ada@example.org" : "bea@example.org");
      assert.deepEqual(await seenBy(off, headers), [200, 200]);
      assert.deepEqual(await seenBy(on, headers), [403, 403]);
    }
  },
  withCode({ enabled: true, mfa_enabled: true }),
  withCode({ enabled: true }),
);
