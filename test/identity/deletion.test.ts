import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { codes } from "../../src/code/entities.ts";
import type { Table } from "../../src/db/table.ts";
import { flows } from "../../src/flow/entities.ts";
import {
  addresses,
  credentialIdentifiers,
  credentialKeys,
  credentials,
  identities,
} from "../../src/identity/entities.ts";
import { sessionDevices, sessions } from "../../src/session/entities.ts";
import { encodeCbor } from "../support/cbor.ts";
import { begin, password, signInNatively, submit } from "../support/person.ts";
import { countOf } from "../support/rows.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

const tables: Readonly<Record<string, Table>> = {
  identities,
  credentials,
  credentialIdentifiers,
  credentialKeys,
  addresses,
  sessions,
  sessionDevices,
  codes,
};

const config = {
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  selfservice: {
    methods: { code: { enabled: true }, totp: { enabled: true }, lookup_secret: { enabled: true } },
    flows: { recovery: { enabled: true }, verification: { enabled: true } },
  },
};

const rows = async (server: TestServer) =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(tables).map(
        async ([name, table]) => [name, await countOf(server.app.db, table, (query) => query)] as const,
      ),
    ),
  );

/** A key of an authenticator as others stored it (RFC 9053, 7.1.1). */
const publicKey = (() => {
  const { x, y } = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  return encodeCbor(
    new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x!, "base64url")],
      [-3, Buffer.from(y!, "base64url")],
    ]),
  ).toString("base64");
})();

/** Somebody who has all that an account can have: two sessions, a key, a second factor, codes under way. */
async function settle(server: TestServer, email: string, key: string): Promise<string> {
  const { status, body } = await server.adminClient.post("/admin/identities", {
    schema_id: "person",
    traits: { email },
    external_id: email,
    credentials: {
      password: { config: { password } },
      totp: { config: { totp_url: "otpauth://totp/a?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" } },
      lookup_secret: { config: { codes: [{ code: "backup-one" }] } },
      webauthn: {
        config: {
          credentials: [{ id: key, public_key: publicKey, display_name: "key", is_passwordless: false }],
          user_handle: key,
        },
      },
    },
  });
  assert.equal(status, 201, JSON.stringify(body));
  for (let times = 0; times < 2; times++) await signInNatively(server, email);
  for (const kind of ["recovery", "verification"])
    await submit(server, await begin(server, kind, {}), { method: "code", email }, {});
  return body.id;
}

onEachDatabase(
  "whoever is deleted leaves no row behind, and takes nothing along that is somebody else's",
  async (server) => {
    const ada = await settle(server, "ada@example.org", "AAAA");
    const before = await rows(server);
    for (const [name, count] of Object.entries(before)) assert.ok(count > 0, `${name} has rows`);
    const bea = await settle(server, "bea@example.org", "AAEB");
    for (const [name, count] of Object.entries(await rows(server))) assert.equal(count, 2 * before[name]!, name);

    assert.equal((await server.admin("DELETE", `/admin/identities/${bea}`)).status, 204);
    assert.deepEqual(await rows(server), before);
    assert.equal(await countOf(server.app.db, flows, (query) => query.where("identityId", "=", bea)), 0);
    const { body } = await server.adminClient.get(`/admin/identities/${ada}?include_credential=webauthn`);
    assert.deepEqual(
      [body.external_id, body.credentials.webauthn.config.credentials[0].id],
      ["ada@example.org", "AAAA"],
    );
    await signInNatively(server, "ada@example.org");
  },
  { config },
);

onEachDatabase(
  "who comes after may have the name, the address, the external id and the key of who was deleted, and none of what was kept by them",
  async (server) => {
    const first = await settle(server, "ada@example.org", "AAAA");
    const token = await signInNatively(server, "ada@example.org");
    assert.equal((await server.admin("DELETE", `/admin/identities/${first}`)).status, 204);
    const second = await settle(server, "ada@example.org", "AAAA");
    assert.notEqual(second, first);
    assert.equal((await server.native.get("/sessions/whoami", { headers: token })).status, 401);
    assert.equal((await server.adminClient.get("/admin/identities/by/external/ada@example.org")).body.id, second);
    assert.equal((await server.adminClient.get(`/admin/identities/${first}`)).status, 404);
    assert.equal((await server.adminClient.get(`/admin/identities/${first}/sessions`)).body.length ?? 0, 0);
  },
  { config },
);
