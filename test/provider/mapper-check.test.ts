import assert from "node:assert/strict";
import { test } from "node:test";
import { collectingLog } from "../support/log.ts";
import { written } from "../support/mapper.ts";
import { startReloading } from "../support/reloading.ts";
import { startServer } from "../support/server.ts";

const offering = (...mappers: object[]) => ({
  selfservice: {
    methods: {
      oidc: {
        enabled: true,
        config: {
          providers: mappers.map((mapper, index) => ({
            id: `op-${index}`,
            provider: "generic",
            client_id: "c",
            client_secret: "s",
            issuer_url: "https://op.example",
            ...mapper,
          })),
        },
      },
    },
  },
});

test("mappers are read at the start and with each configuration; the log names what is wrong, and the rest works", async (t) => {
  const { log, events } = collectingLog();
  const server = await startReloading(t, offering({ mapper_url: written("{ identity: {") }), log);
  assert.match(
    events.join("\n"),
    /cannot be used .*providers\[0\]\.mapper_url: The mapper cannot be read at line 1, column 14/,
  );

  const cel = { mapper_url: written('{"identity":\n person}'), mapper_language: "cel" };
  const missing = { mapper_url: "file:///nowhere/op.jsonnet" };
  const good = { mapper_url: written("{ identity: { traits: {} } }") };
  assert.deepEqual(await server.reload(offering(good, cel, missing)), []);
  while (events.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.match(events[1]!, /providers\[1\]\.mapper_url: The mapper cannot be read at line 2, column 2/);
  assert.match(events[2]!, /providers\[2\]\.mapper_url: The mapper cannot be fetched: .*nowhere/);
  assert.equal((await server.native.get("/health/ready")).status, 200);
});

test("a tenant's own mappers are read when it is written; the file's keep no tenant from being changed", async (t) => {
  const { log } = collectingLog();
  const broken = { mapper_url: written("{ identity: {") };
  const good = { mapper_url: written("{ identity: { traits: {} } }") };
  const server = await startServer(t, { config: offering(broken), log });
  const tenant = (slug: string, config: object) => ({ slug, hosts: [`${slug}.example`], config });
  const refused = await server.adminClient.post("/admin/tenants", tenant("acme", offering(good, broken)));
  assert.equal(refused.status, 400);
  assert.match(refused.body.error.reason, /providers\[1\]\.mapper_url: The mapper cannot be read at line 1, column 14/);
  const made = await server.adminClient.post("/admin/tenants", tenant("acme", {}));
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const change = (config: object) => server.admin("PATCH", `/admin/tenants/${made.body.id}`, { json: { config } });
  assert.equal((await change(offering(good))).status, 200);
  assert.equal((await change(offering(broken))).status, 400);
});
