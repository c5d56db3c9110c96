import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../support/client.ts";
import { atOnce, signedIn, signInNatively } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startAdmin, withPassword } from "./people.ts";

const password = "a long good password";
const unknownId = "00000000-0000-7000-8000-000000000000";

async function startSignedIn(t: Parameters<typeof startAdmin>[0], count = 1) {
  const server = await startAdmin(t);
  const { id } = await server.member("ada@example.org", { ...withPassword(password), metadata_admin: { vip: true } });
  const sessions: { id: string; token: string }[] = [];
  for (let number = 0; number < count; number++) {
    const { session, session_token: token } = await server.signIn("ada@example.org", password);
    sessions.push({ id: session.id, token });
  }
  const whoami = async ({ token }: { token: string }) =>
    (await server.public("GET", "/sessions/whoami", { headers: { "x-session-token": token } })).status;
  return { ...server, id, sessions, whoami };
}

test("a session is shown with its identity and devices if they are asked for", async (t) => {
  const { admin, sessions, id } = await startSignedIn(t);
  const plain = await admin("GET", `/sessions/${sessions[0]!.id}`);
  assert.equal(plain.body.active, true);
  assert.equal(plain.body.identity, null);
  assert.deepEqual(plain.body.devices, []);
  const full = await admin("GET", `/sessions/${sessions[0]!.id}?expand=Identity&expand=devices`);
  assert.equal(full.body.identity.id, id);
  assert.deepEqual(full.body.identity.metadata_admin, { vip: true });
  assert.equal(full.body.identity.credentials, undefined);
  assert.equal(full.body.devices.length, 1);
  assert.equal((await admin("GET", `/sessions/${sessions[0]!.id}?expand=house`)).status, 400);
  assert.equal((await admin("GET", "/sessions/nonsense")).status, 400);
  assert.equal((await admin("GET", `/sessions/${unknownId}`)).status, 404);
});

test("a disabled session ends at once, and only that one", async (t) => {
  const { admin, sessions, whoami } = await startSignedIn(t, 2);
  const [one, other] = sessions;
  for (let time = 0; time < 2; time++) assert.equal((await admin("DELETE", `/sessions/${one!.id}`)).status, 204);
  assert.equal(await whoami(one!), 401);
  assert.equal(await whoami(other!), 200);
  assert.equal((await admin("GET", `/sessions/${one!.id}`)).body.active, false);
  assert.equal((await admin("DELETE", `/sessions/${unknownId}`)).status, 404);
});

test("an extended session lasts its whole lifespan from then on", async (t) => {
  const { admin, sessions, advance } = await startSignedIn(t);
  const before = (await admin("GET", `/sessions/${sessions[0]!.id}`)).body.expires_at;
  advance(3_600_000);
  const { body } = await admin("PATCH", `/sessions/${sessions[0]!.id}/extend`);
  assert.ok(Date.parse(body.expires_at) - Date.parse(before) >= 3_600_000);
  assert.equal((await admin("PATCH", `/sessions/${unknownId}/extend`)).status, 404);
});

test("the sessions of an identity are listed and removed", async (t) => {
  const { admin, sessions, id, whoami } = await startSignedIn(t, 3);
  await admin("DELETE", `/sessions/${sessions[0]!.id}`);
  const listed = await admin("GET", `/identities/${id}/sessions?active=true`);
  assert.deepEqual(
    listed.body.map((session: { id: string }) => session.id),
    [sessions[2]!.id, sessions[1]!.id],
  );
  assert.equal(listed.headers.get("x-total-count"), "2");
  assert.equal((await admin("GET", `/identities/${id}/sessions?active=false`)).body.length, 1);
  assert.deepEqual((await admin("GET", `/identities/${unknownId}/sessions`)).body, []);
  assert.equal((await admin("DELETE", `/identities/${id}/sessions`)).status, 204);
  assert.equal(await whoami(sessions[2]!), 401);
  assert.equal((await admin("DELETE", `/identities/${id}/sessions`)).status, 404);
});

test("all sessions are listed page by page, the newest first", async (t) => {
  const { admin, sessions } = await startSignedIn(t, 3);
  const seen: string[] = [];
  let path: string | undefined = "/sessions?page_size=2";
  while (path) {
    const page: Answer = await admin("GET", path);
    seen.push(...page.body.map(({ id }: { id: string }) => id));
    path = /<\/admin([^>]*)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
  }
  assert.deepEqual(seen, sessions.map(({ id }) => id).toReversed());
  assert.equal((await admin("GET", "/sessions?page_token=made-up")).status, 400);
});

test("many sessions are ended or removed at once", async (t) => {
  const { admin, sessions, id, whoami } = await startSignedIn(t, 3);
  const manage = async (json: object) => admin("POST", "/sessions", json);
  assert.deepEqual((await manage({ action: "disable", sessions: [sessions[0]!.id] })).body, {
    processed: 1,
    more: false,
  });
  assert.equal(await whoami(sessions[0]!), 401);
  assert.deepEqual((await manage({ action: "disable", identities: [id] })).body, { processed: 2, more: false });
  assert.deepEqual((await manage({ action: "delete", identities: ["*"] })).body, { processed: 3, more: false });
  for (const json of [
    { action: "delete" },
    { sessions: [unknownId] },
    { action: "delete", sessions: ["*"] },
    { action: "delete", sessions: [unknownId], identities: [id] },
  ])
    assert.equal((await manage(json)).status, 400, JSON.stringify(json));
});

onEachDatabase("a disabled account loses its sessions for good", async (server) => {
  for (const [email, method, change] of [
    ["pat@example.org", "PATCH", (state: string) => [{ op: "replace", path: "/state", value: state }]],
    [
      "sam@example.org",
      "PUT",
      (state: string) => ({ schema_id: "person", traits: { email: "sam@example.org" }, state }),
    ],
  ] as const) {
    const person = await signedIn(server, email);
    const whoami = async () => (await server.native.get("/sessions/whoami", { headers: person.headers })).status;
    for (const [state, status] of [
      ["active", 200],
      ["inactive", 401],
      ["active", 401],
    ] as const) {
      assert.equal((await server.admin(method, `/admin/identities/${person.id}`, { json: change(state) })).status, 200);
      assert.equal(await whoami(), status, `${method} ${state}`);
    }
    assert.equal(
      (await server.native.get("/sessions/whoami", { headers: await signInNatively(server, email) })).status,
      200,
    );
  }
});

onEachDatabase(
  "of many who extend a session at once, one does",
  async (server) => {
    await signedIn(server);
    const {
      body: [{ id, expires_at: before }],
    } = await server.admin("GET", "/admin/sessions");
    const extend = () => server.admin("PATCH", `/admin/sessions/${id}/extend`);
    assert.equal((await extend()).body.expires_at, before, "it is too early");
    server.advance(23.5 * 3_600_000);
    const ends = await atOnce(64, async () => (await extend()).body.expires_at);
    assert.equal(new Set(ends).size, 1);
    assert.ok(ends[0]! > before);
  },
  { config: { session: { lifespan: "24h", earliest_possible_extend: "1h" } } },
);
