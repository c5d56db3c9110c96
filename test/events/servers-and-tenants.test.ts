import assert from "node:assert/strict";
import { find } from "../../src/db/query.ts";
import type { Table } from "../../src/db/table.ts";
import { eventCounters, events } from "../../src/events/entities.ts";
import { readEvents } from "../../src/events/read.ts";
import { atOnce, password, signInNatively } from "../support/person.ts";
import { countOf, reach } from "../support/rows.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";
import { makePerson, makeTenant, signIn } from "../tenants/world.ts";

/** Reads all that there is by one server, a few at a time, while others write. */
async function followUntil(server: TestServer, isOver: () => boolean): Promise<string[]> {
  const seen: string[] = [];
  let after = 0;
  for (let last = false; ; last = isOver()) {
    const found = await readEvents(reach(server.app.db), { after, limit: 5 });
    seen.push(...found.map(({ id }) => id));
    after = found.at(-1)?.sequence ?? after;
    if (last && found.length === 0) return seen;
    await new Promise((done) => setTimeout(done, 2));
  }
}

onTwoServers(
  "what two servers record is read by both, each event once and in one order",
  async (one, other) => {
    let over = false;
    const following = [one, other, one].map((server) => followUntil(server, () => over));
    await atOnce(6, async (at) => {
      const [maker, door] = at % 2 === 0 ? [one, other] : [other, one];
      const email = `p${at}@example.org`;
      await maker.createPerson({ email, password });
      for (let times = 0; times < 3; times++) await signInNatively(door, email);
    });
    over = true;
    const [first, ...others] = await Promise.all(following);
    assert.equal(first!.length, await countOf(one.app.db, events));
    // An account, and three times that somebody has signed in and a session has begun.
    assert.equal(first!.length, 6 * (1 + 3 * 2));
    assert.equal(new Set(first).size, first!.length);
    for (const seen of others) assert.deepEqual(seen, first);
  },
  {},
);

onEachDatabase("each tenant has events of its own, numbered by themselves, and they go with it", async (server) => {
  const tenant = await makeTenant(server, "acme");
  const at = (id: string) => ({ db: server.app.db, tenant: { id } });
  await server.createPerson({ email: "pat@example.org", password });
  await makePerson(tenant, "pat@example.org", password);
  assert.ok(await signIn(tenant, "pat@example.org", password));
  const own = await readEvents(reach(server.app.db), { after: 0, limit: 10 });
  const theirs = await readEvents(at(tenant.id), { after: 0, limit: 10 });
  assert.deepEqual(
    own.map(({ type, sequence }) => [type, sequence]),
    [["IdentityCreated", 1]],
  );
  assert.deepEqual(
    theirs.map(({ sequence }) => sequence),
    [1, 2, 3],
  );
  assert.deepEqual(theirs.map(({ type }) => type).toSorted(), ["IdentityCreated", "LoginSucceeded", "SessionIssued"]);

  await server.admin("PATCH", `/admin/tenants/${tenant.id}`, { json: { state: "inactive" } });
  assert.equal((await server.admin("DELETE", `/admin/tenants/${tenant.id}`)).status, 204);
  for (const table of [events, eventCounters] as Table[])
    assert.deepEqual(await find(at(tenant.id), table, (query) => query), [], table.name);
  assert.equal((await readEvents(reach(server.app.db), { after: 0, limit: 10 })).length, 1);
});
