import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { patienceMs } from "../../src/coherence/terms.ts";
import { Client } from "../support/client.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { password } from "../support/person.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

const config = (dsn: string) => ({ dsn, session: { cache: { mode: "strict" } } });

async function signIn({ publicUrl, adminUrl }: ServerProcess, email: string): Promise<{ "x-session-token": string }> {
  const traits = { schema_id: "person", traits: { email }, credentials: { password: { config: { password } } } };
  assert.equal((await new Client(adminUrl).post("/admin/identities", traits)).status, 201);
  const native = new Client(publicUrl);
  const { body: flow } = await native.get("/self-service/login/api");
  const { body } = await native.post(flow.ui.action, { method: "password", identifier: email, password });
  return { "x-session-token": body.session_token };
}

const whoami = ({ publicUrl }: ServerProcess, headers: Record<string, string>) =>
  new Client(publicUrl).get("/sessions/whoami", { headers });

async function hitsOf({ adminUrl }: ServerProcess): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics/prometheus`)).text();
  return Number(/^ostiary_session_cache_hits_total (\d+)$/m.exec(text)![1]);
}

/** Asks a server until it answers from memory. */
async function untilKept(server: ServerProcess, headers: Record<string, string>): Promise<string> {
  for (const before = await hitsOf(server); ; await pause(20)) {
    const { status, body } = await whoami(server, headers);
    assert.equal(status, 200);
    if ((await hitsOf(server)) > before) return body.id;
  }
}

for (const dialect of databases)
  test(`a server that was stopped while a session was revoked does not answer with it when it goes on (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    t.after(drop);
    const [one, other] = await Promise.all([0, 1].map(() => startProcess(t, { config: config(dsn) })));
    const headers = await signIn(one!, "pat@example.org");
    const id = await untilKept(other!, headers);

    other!.child.kill("SIGSTOP");
    const began = performance.now();
    const { status } = await new Client(one!.adminUrl).send("DELETE", `/admin/sessions/${id}`);
    const waitedMs = performance.now() - began;
    assert.equal(status, 204);
    // What arrives while it is stopped is the first that it sees.
    const asked = whoami(other!, headers);
    await pause(Number(process.env["OSTIARY_STOPPED_MS"] ?? 0) - waitedMs);
    other!.child.kill("SIGCONT");
    assert.equal((await whoami(other!, headers)).status, 401);
    assert.equal((await asked).status, 401);
    t.diagnostic(`the revocation waited for ${Math.round(waitedMs)} ms`);
    assert.ok(waitedMs < 2 * patienceMs, `${waitedMs} ms`);

    // It has been struck out, and nobody waits for it twice; it enters anew by itself.
    const again = await signIn(one!, "ann@example.org");
    await untilKept(other!, again);
    assert.equal(
      (
        await new Client(one!.publicUrl).send("DELETE", "/self-service/logout/api", {
          json: { session_token: again["x-session-token"] },
        })
      ).status,
      204,
    );
    assert.equal((await whoami(other!, again)).status, 401);
  });
