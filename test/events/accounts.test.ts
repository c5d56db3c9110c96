import assert from "node:assert/strict";
import type { Actor } from "../../src/events/cause.ts";
import { readEvents } from "../../src/events/read.ts";
import type { RecordedEvent } from "../../src/events/read.ts";
import { begin, password, signedIn, signInNatively, submit } from "../support/person.ts";
import { reach } from "../support/rows.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

/** Follows what a server records: each call gives what is new. */
function follow(server: TestServer) {
  let after = 0;
  return async (): Promise<RecordedEvent[]> => {
    const events = await readEvents(reach(server.app.db), { after, limit: 100 });
    after = events.at(-1)?.sequence ?? after;
    return events;
  };
}

const told = ({ type, reason, actorKind }: RecordedEvent): [string, string, Actor["kind"]] => [type, reason, actorKind];

const config = {
  selfservice: {
    methods: { lookup_secret: { enabled: true } },
    flows: { settings: { privileged_session_max_age: "1h" } },
  },
};

onEachDatabase(
  "whatever becomes of an account is recorded: what, why, by whom, and from where",
  async (server) => {
    const news = follow(server);
    const { id } = await server.createPerson({ email: "pat@example.org", password });
    const [made, ...rest] = await news();
    assert.deepEqual(told(made!), ["IdentityCreated", "admin.create", "administrator"]);
    assert.deepEqual(made!.payload, { schema_id: "person", state: "active", credentials: ["password"] });
    assert.deepEqual([made!.subjectId, made!.actorId, made!.clientAddress, rest.length], [id, null, "127.0.0.1", 0]);

    const headers = await signInNatively(server, "pat@example.org");
    const entered = await news();
    const issued = entered.find(({ type }) => type === "SessionIssued")!;
    assert.deepEqual(
      entered.map(({ type, sessionId }) => [type, sessionId]),
      [
        ["SessionIssued", issued.sessionId],
        ["LoginSucceeded", issued.sessionId],
      ],
    );
    assert.deepEqual(told(issued), ["SessionIssued", "login.password", "identity"]);
    assert.deepEqual([issued.subjectId, issued.actorId], [id, id]);
    assert.equal((issued.payload as { method: string }).method, "password");

    await submit(
      server,
      await begin(server, "settings", headers),
      { method: "password", password: `${password}-new` },
      headers,
    );
    const changed = (await news()).filter(({ type }) => type !== "SettingsSucceeded");
    assert.deepEqual(changed.map(told).toSorted(), [
      ["CredentialChanged", "settings.password", "identity"],
      ["IdentityUpdated", "settings.password", "identity"],
      ["SessionChanged", "settings.password", "identity"],
    ]);
    assert.deepEqual(new Set(changed.map(({ actorSessionId }) => actorSessionId)), new Set([issued.sessionId]));
    assert.deepEqual(changed.find(({ type }) => type === "IdentityUpdated")!.payload, { changed: ["credentials"] });

    await submit(
      server,
      await begin(server, "settings", headers),
      { method: "profile", traits: { email: "pam@example.org" } },
      headers,
    );
    const moved = await news();
    assert.deepEqual(
      moved
        .filter(({ type }) => type.startsWith("Address"))
        .map(({ type, payload }) => [type, (payload as { purpose: string }).purpose])
        .toSorted(),
      [
        ["AddressAdded", "recovery"],
        ["AddressAdded", "verification"],
        ["AddressRemoved", "recovery"],
        ["AddressRemoved", "verification"],
      ],
    );

    const at = `/admin/identities/${id}`;
    await server.admin("PATCH", at, {
      json: [{ op: "replace", path: "/state", value: "inactive" }],
      headers: { "x-request-id": "req-7" },
    });
    const disabled = await news();
    assert.deepEqual(disabled.map(told), [
      ["SessionsRevoked", "admin.patch", "administrator"],
      ["IdentityUpdated", "admin.patch", "administrator"],
      ["IdentityStateChanged", "admin.patch", "administrator"],
    ]);
    assert.deepEqual(
      disabled.map(({ requestId }) => requestId),
      ["req-7", "req-7", "req-7"],
    );
    assert.deepEqual(disabled[2]!.payload, { from: "active", to: "inactive" });

    assert.equal((await server.admin("DELETE", at)).status, 204);
    const gone = await news();
    assert.deepEqual(gone.map(told), [["IdentityDeleted", "admin.delete", "administrator"]]);
    assert.equal((await server.admin("DELETE", at)).status, 404);
    assert.deepEqual(await news(), []);

    const all = await readEvents(reach(server.app.db), { after: 0, limit: 100 });
    assert.doesNotMatch(JSON.stringify(all), /example\.org|correct-horse|argon2/);
    assert.deepEqual(
      all.map(({ sequence }) => sequence),
      all.map((_, at) => at + 1),
    );
  },
  { config },
);

onEachDatabase("sessions that end are told of by their end, once", async (server) => {
  const { id, headers } = await signedIn(server);
  const others = [await signInNatively(server, "pat@example.org"), await signInNatively(server, "pat@example.org")];
  const news = follow(server);
  const issued = (await news()).filter(({ type }) => type === "SessionIssued").map(({ sessionId }) => sessionId!);
  assert.equal(issued.length, 3);

  await server.public("DELETE", `/sessions/${issued[1]}`, { headers });
  await server.public("DELETE", `/sessions/${issued[1]}`, { headers });
  const one = await news();
  assert.deepEqual(one.map(told), [["SessionRevoked", "sessions.revoke", "identity"]]);
  assert.deepEqual([one[0]!.sessionId, one[0]!.actorSessionId, one[0]!.subjectId], [issued[1], issued[0], id]);

  const { body } = await server.public("DELETE", "/sessions", { headers });
  assert.equal(body.count, 2);
  const others2 = await news();
  assert.deepEqual(others2.map(told), [["SessionsRevoked", "sessions.revoke_others", "identity"]]);
  assert.deepEqual(others2[0]!.payload, { of: "identity", count: 1 });

  await server.admin("PATCH", `/admin/sessions/${issued[0]}/extend`);
  await server.public("DELETE", "/self-service/logout/api", { json: { session_token: headers["x-session-token"] } });
  await server.public("DELETE", "/self-service/logout/api", { json: { session_token: others[0]!["x-session-token"] } });
  assert.deepEqual((await news()).map(told), [
    ["SessionLifespanExtended", "admin.extend_session", "administrator"],
    ["SessionRevoked", "logout", "identity"],
  ]);

  await server.admin("DELETE", `/admin/identities/${id}/sessions`);
  const [removed] = await news();
  assert.deepEqual(
    [removed!.type, removed!.subjectId, removed!.payload],
    ["SessionsDeleted", id, { of: "identity", count: 3 }],
  );
});

onEachDatabase("what is refused leaves no event", async (server) => {
  await server.createPerson({ email: "pat@example.org", password });
  const news = follow(server);
  await news();
  await assert.rejects(server.createPerson({ email: "pat@example.org", password }), /409|CONFLICT|not made/i);
  const registration = await begin(server, "registration", {});
  const taken = await submit(
    server,
    registration,
    { method: "password", password, traits: { email: "pat@example.org" } },
    {},
  );
  assert.equal(taken.status, 400);
  assert.deepEqual(
    (await news()).filter(({ type }) => !type.endsWith("Failed")),
    [],
  );
});

onEachDatabase("of many accounts brought along at once each is recorded", async (server) => {
  const news = follow(server);
  const create = (at: number) => ({ create: { schema_id: "person", traits: { email: `p${at}@example.org` } } });
  const identities = [...Array.from({ length: 70 }, (_, at) => create(at)), create(3)];
  const { status } = await server.admin("PATCH", "/admin/identities", { json: { identities } });
  assert.equal(status, 200);
  const made = await news();
  assert.deepEqual([...new Set(made.map(({ type, reason }) => `${type} ${reason}`))], ["IdentityCreated admin.import"]);
  assert.equal(new Set(made.map(({ subjectId }) => subjectId)).size, 70);
});
