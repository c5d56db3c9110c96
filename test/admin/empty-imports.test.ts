import assert from "node:assert/strict";
import { test } from "node:test";
import { CredentialsImportSchema } from "#gen/ostiary/admin/v1/credentials_import_pb.js";
import { collectingLog } from "../support/log.ts";
import { startServer } from "../support/server.ts";

test("a credential that is brought along with nothing in it is no reason to fail", async (t) => {
  const { log, events } = collectingLog();
  const server = await startServer(t, { log });
  for (const { name } of CredentialsImportSchema.fields)
    for (const [index, empty] of [{}, { config: {} }].entries()) {
      const person = { schema_id: "person", traits: { email: `${name}-${index}@example.org` } };
      const made = await server.adminClient.post("/admin/identities", { ...person, credentials: { [name]: empty } });
      assert.ok([201, 400].includes(made.status), `${name}: ${made.status} ${JSON.stringify(made.body)}`);
      const { body } = await server.adminClient.post("/admin/identities", {
        ...person,
        traits: { email: `${name}-${index}b@example.org` },
      });
      const changed = await server.admin("PUT", `/admin/identities/${body.id}`, {
        json: { ...person, traits: body.traits, state: "active", credentials: { [name]: empty } },
      });
      assert.ok([200, 400].includes(changed.status), `${name}: ${changed.status} ${JSON.stringify(changed.body)}`);
      const batch = await server.admin("PATCH", "/admin/identities", {
        json: {
          identities: [
            {
              create: { ...person, traits: { email: `${name}-${index}c@example.org` }, credentials: { [name]: empty } },
            },
          ],
        },
      });
      assert.equal(batch.status, 200, `${name}: ${JSON.stringify(batch.body)}`);
    }
  assert.deepEqual(events, []);
});
