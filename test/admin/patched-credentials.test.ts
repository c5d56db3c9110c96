import assert from "node:assert/strict";
import { test } from "node:test";
import { collectingLog } from "../support/log.ts";
import { startServer } from "../support/server.ts";

test("a patch that leaves no credential in a credential's place, or no document in a document's, is refused", async (t) => {
  const { log, events } = collectingLog();
  const server = await startServer(t, { log });
  const { id } = await server.createPerson({ email: "pat@example.org", password: "correct-horse-battery-9" });
  const places = ["/credentials/password", "/credentials/totp", "/credentials/password/config", "/credentials/password/identifiers", "/traits", "/verifiable_addresses", "/verifiable_addresses/0", "/schema_id", "/state", "/metadata_public", "/external_id", "/organization_id"];
  for (const path of places)
    for (const op of ["add", "replace"])
      for (const value of [null, 1, "x", true, [], [null], {}, { config: null }, { type: "totp", config: { totp_url: 1 } }]) {
        const { status, body } = await server.admin("PATCH", `/admin/identities/${id}`, { json: [{ op, path, value }] });
        assert.ok(status === 200 || status === 400 || status === 404, `${op} ${path} ${JSON.stringify(value)}: ${status} ${JSON.stringify(body)}`);
      }
  assert.deepEqual(events, []);
});
