import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import { generateSync } from "otplib";
import { contract } from "../support/contract.ts";
import { doors } from "../support/doors.ts";
import { begin, nodeOf, signedIn, signInNatively, submit } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

const config = (required_aal: string) => ({
  config: { session: { whoami: { required_aal } }, selfservice: { methods: { totp: { enabled: true } } } },
});

/** A person whose session has proved both factors, and a thief's that has the password alone. */
async function ownerAndThief(server: TestServer) {
  const owner = await signedIn(server);
  const flow = await begin(server, "settings", owner.headers);
  const { secret } = nodeOf(flow, "totp_secret_key").attributes.text.context;
  const totp_code = generateSync({ secret, epoch: Math.floor(server.now().getTime() / 1000) });
  assert.equal((await submit(server, flow, { method: "totp", totp_code }, owner.headers)).status, 200);
  const { body } = await server.native.get("/sessions/whoami", { headers: owner.headers });
  return { owner: owner.headers, id: body.id as string, thief: await signInNatively(server, owner.email) };
}

onEachDatabase(
  "a session with the first factor alone neither sees nor ends the others of its owner",
  async (server) => {
    const { owner, id, thief } = await ownerAndThief(server);
    for (const [method, path] of [
      ["GET", "/sessions"],
      ["DELETE", "/sessions"],
      ["DELETE", `/sessions/${id}`],
    ] as const) {
      const { status, body } = await server.public(method, path, { headers: thief });
      assert.deepEqual([status, body.error?.id], [403, "session_aal2_required"], `${method} ${path}`);
      assert.match(body.redirect_browser_to, /aal=aal2/);
    }
    for (const [protocol, open] of Object.entries(doors))
      for (const name of ["ListMySessions", "DisableMyOtherSessions", "DisableMySession"]) {
        const method = contract.public.find((one) => one.name === name)!;
        const request = create(method.input, (name === "DisableMySession" ? { id } : {}) as never);
        const outcome = await open(server.publicUrl)(method, request, thief);
        if (outcome) assert.equal(outcome.verdict, "403 session_aal2_required", `${protocol} ${name}`);
      }
    assert.equal((await server.native.get("/sessions/whoami", { headers: owner })).status, 200);
    const ended = await server.public("DELETE", "/sessions", { headers: owner });
    assert.deepEqual([ended.status, ended.body.count], [200, 1]);
  },
  config("highest_available"),
);

onEachDatabase(
  "where the first factor is enough, it is enough for that too",
  async (server) => {
    const { owner, id, thief } = await ownerAndThief(server);
    assert.equal((await server.public("DELETE", `/sessions/${id}`, { headers: thief })).status, 204);
    assert.equal((await server.native.get("/sessions/whoami", { headers: owner })).status, 401);
  },
  config("aal1"),
);
