import assert from "node:assert/strict";
import { readEvents } from "../../src/events/read.ts";
import type { RecordedEvent } from "../../src/events/read.ts";
import type { Log } from "../../src/log.ts";
import { until } from "../support/courier.ts";
import { recordQueries } from "../support/query-log.ts";
import { silentLog } from "../support/log.ts";
import { begin, password, signInNatively, submit } from "../support/person.ts";
import { reach } from "../support/rows.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

const email = "pat@example.org";
const all = (server: TestServer): Promise<RecordedEvent[]> =>
  readEvents(reach(server.app.db), { after: 0, limit: 1000 });

const lines: { event: string; fields: Record<string, unknown> }[] = [];
const log: Log = { ...silentLog, info: (event, fields = {}) => void lines.push({ event, fields }) };

const attempts = /^(login|registration|settings)\.(passed|failed|throttled)$/;
const names: Readonly<Record<string, string>> = { passed: "Succeeded", failed: "Failed", throttled: "Failed" };

onEachDatabase(
  "every attempt is an event and a line of the log, and the two never differ",
  async (server) => {
    lines.length = 0;
    const signUp = (to: string) =>
      begin(server, "registration", {}).then((flow) =>
        submit(server, flow, { method: "password", password, traits: { email: to } }, {}),
      );
    const signIn = async (typed: string) =>
      submit(server, await begin(server, "login", {}), { method: "password", identifier: email, password: typed }, {});
    await signUp(email);
    await signUp(email);
    for (let tries = 0; tries < 12; tries++) await signIn("wrong-guess");
    server.advance(3_600_000);
    const headers = await signInNatively(server, email);
    await submit(
      server,
      await begin(server, "settings", headers),
      { method: "profile", traits: { email: "nonsense" } },
      headers,
    );
    await submit(
      server,
      await begin(server, "settings", headers),
      { method: "profile", traits: { email, newsletter: true } },
      headers,
    );

    const told = lines.filter(({ event }) => attempts.test(event));
    const recorded = (await all(server)).filter(({ type }) => /^(Login|Registration|Settings)/.test(type));
    const sameAs = ({ event, fields }: (typeof told)[number]) => {
      const [, kind = "", outcome = ""] = attempts.exec(event)!;
      const subject = fields["identity_id"] ?? null;
      return [
        `${kind[0]!.toUpperCase()}${kind.slice(1)}${names[outcome]}`,
        fields["flow_id"],
        fields["method"],
        subject,
        fields["messages"] ?? null,
        fields["client"],
      ];
    };
    const asLine = ({ type, payload, subjectId, clientAddress }: RecordedEvent) => {
      const { flow_id, method, messages = null } = payload as { flow_id: string; method: string; messages?: number[] };
      return [type, flow_id, method, subjectId, messages, clientAddress];
    };
    assert.deepEqual(recorded.map(asLine), told.map(sameAs));
    assert.ok(recorded.some(({ payload }) => (payload as { outcome?: string }).outcome === "throttled"));
    // Who failed to be somebody is not that person.
    const failed = recorded.filter(({ type }) => type === "LoginFailed");
    assert.deepEqual(
      new Set(failed.map(({ actorKind, actorId }) => `${actorKind} ${actorId}`)),
      new Set(["anonymous null"]),
    );
    assert.ok(failed.every(({ subjectId }) => subjectId));
    assert.doesNotMatch(JSON.stringify(recorded), /wrong-guess|example\.org|correct-horse/);
  },
  { log },
);

onEachDatabase("a sign-in and a new account write their events in one statement, and whoami none", async (server) => {
  let inserts: string[] = [];
  const stop = recordQueries(server.app.db, (sql) => void (sql.startsWith("insert into events") && inserts.push(sql)));
  const counted = async <T>(act: () => Promise<T>): Promise<[T, number]> => {
    inserts = [];
    const done = await act();
    return [done, inserts.length];
  };
  const [, ofCreate] = await counted(() => server.createPerson({ email, password }));
  const [headers, ofLogin] = await counted(() => signInNatively(server, email));
  const [, ofWhoami] = await counted(() => server.public("GET", "/sessions/whoami", { headers }));
  stop();
  assert.deepEqual([ofCreate, ofLogin, ofWhoami], [1, 1, 0]);
});

onEachDatabase(
  "events stay as long as the configuration says",
  async (server) => {
    await server.createPerson({ email, password });
    assert.deepEqual(
      (await all(server)).map(({ sequence }) => sequence),
      [1],
    );
    server.advance(3 * 3_600_000);
    await server.createPerson({ email: "ben@example.org", password });
    await until(async () => (await all(server)).length === 1);
    const [left] = await all(server);
    // Numbers go on where they were.
    assert.equal(left!.sequence, 2);
  },
  { config: { events: { retention: "2h" }, database: { cleanup: { every: "200ms", sleep: { tables: "0s" } } } } },
);
