import assert from "node:assert/strict";
import { subscriptionDeliveries, subscriptions } from "../../src/subscription/entities.ts";
import { startReceiver } from "../support/receiver.ts";
import { onEachDatabase } from "../support/servers.ts";
import { runSql } from "../support/run-sql.ts";
import { briskly, eventually, makeAccount, subscribe } from "../support/subscriber.ts";

onEachDatabase(
  "subscriptions of one tenant have nothing to do with another's",
  async (server, t) => {
    const { adminClient } = server;
    const { body: acme } = await adminClient.post("/admin/tenants", { slug: "acme", hosts: ["acme.example"] });
    const within = async (method: string, path: string, json?: object) =>
      server.admin(method, path, { headers: { "x-tenant": "acme" }, ...(json && { json }) });
    const [own, theirs] = [await startReceiver(t), await startReceiver(t)];
    const { id } = await subscribe(server, { url: own.url, types: ["IdentityCreated"] });
    const made = await within("POST", "/admin/subscriptions", { url: theirs.url, types: ["IdentityCreated"] });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const other = made.body.subscription.id;

    const ada = await makeAccount(server, "ada@example.org");
    const account = { schema_id: "person", traits: { email: "ada@example.org" } };
    const { body: eve } = await within("POST", "/admin/identities", account);
    await Promise.all([own, theirs].map((one) => one.until(({ length }) => length === 1)));
    assert.deepEqual(
      [own, theirs].map(({ received }) => received[0]!.body.data.subject_id),
      [ada, eve.id],
    );

    const idsIn = ({ body }: { body: { id: string }[] }) => body.map((one) => one.id);
    assert.deepEqual(idsIn(await adminClient.get("/admin/subscriptions")), [id]);
    assert.deepEqual(idsIn(await within("GET", "/admin/subscriptions")), [other]);
    const [delivery] = (await within("GET", `/admin/subscriptions/${other}/deliveries`)).body;
    for (const [method, path] of [
      ["GET", ""],
      ["PUT", ""],
      ["DELETE", ""],
      ["GET", "/deliveries"],
      ["GET", `/deliveries/${delivery.id}`],
      ["POST", `/deliveries/${delivery.id}/replay`],
      ["POST", "/replay?since=2000-01-01T00:00:00Z"],
      ["POST", "/rotate"],
      ["POST", "/test"],
      ["POST", "/pause"],
      ["POST", "/resume"],
    ] as const) {
      const json = { url: own.url };
      assert.equal((await server.admin(method, `/admin/subscriptions/${other}${path}`, { json })).status, 404, path);
    }
    const borrowed = `/admin/subscriptions/${id}/deliveries/${delivery.id}`;
    assert.equal((await adminClient.get(borrowed)).status, 404, "nor by a subscription of one's own");

    const { body: replayed } = await within("POST", `/admin/subscriptions/${other}/replay?since=2000-01-01T00:00:00Z`);
    assert.equal(replayed.replayed, 1);
    await theirs.until(({ length }) => length === 2);
    assert.equal(own.received.length, 1);

    await server.admin("PATCH", `/admin/tenants/${acme.id}`, { json: { state: "inactive" } });
    assert.ok((await adminClient.delete(`/admin/tenants/${acme.id}`)).status < 300);
    const left = async (table: string) =>
      (await runSql<{ nid: string }>(server.app.db, `select nid from ${table}`)).filter(({ nid }) => nid === acme.id);
    await eventually(async () => {
      const rows = await Promise.all([subscriptions, subscriptionDeliveries].map(({ name }) => left(name)));
      return rows.flat().length === 0;
    }, "what the tenant was subscribed to is deleted with it");
    assert.deepEqual(idsIn(await adminClient.get("/admin/subscriptions")), [id]);
  },
  { config: briskly },
);
