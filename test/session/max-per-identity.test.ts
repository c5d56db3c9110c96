import assert from "node:assert/strict";
import { events } from "../../src/events/entities.ts";
import { atOnce, signedIn, signInNatively } from "../support/person.ts";
import { rowsOf } from "../support/rows.ts";
import { onEachDatabase } from "../support/servers.ts";

const email = "pat@example.org";

onEachDatabase(
  "a sign-in beyond as many sessions as an account may have ends the one used least recently, also of many at once",
  async (server) => {
    const { id, headers: first } = await signedIn(server, email);
    const other = await signedIn(server, "sam@example.org");
    const inForce = async () => (await server.admin("GET", `/admin/identities/${id}/sessions?active=true`)).body.length;
    const status = async (headers: Record<string, string>) =>
      (await server.native.get("/sessions/whoami", { headers })).status;
    server.advance(1000);
    const [second, third] = [await signInNatively(server, email), await signInNatively(server, email)];
    assert.deepEqual([await status(first), await inForce()], [200, 3]);
    server.advance(1000);
    const fourth = await signInNatively(server, email);
    assert.deepEqual(
      [await status(first), await status(second), await status(third), await status(fourth)],
      [401, 200, 200, 200],
    );
    const [event] = await rowsOf(server.app.db, events, (query) =>
      query.where("reason", "=", "sessions.max_per_identity"),
    );
    assert.deepEqual([event!.type, event!.subjectId], ["SessionsRevoked", id]);
    assert.equal((event!.payload as { count: number }).count, 1);

    await atOnce(12, () => signInNatively(server, email));
    assert.equal(await inForce(), 3);
    assert.deepEqual([await status(fourth), await status(other.headers)], [401, 200]);
    assert.equal((await server.admin("GET", `/admin/identities/${id}/sessions`)).body.length, 16);
  },
  { config: { session: { max_per_identity: 3 } } },
);
