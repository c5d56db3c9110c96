import assert from "node:assert/strict";
import { test } from "node:test";
import { keyFor, startLocked } from "../access/locked.ts";
import { serverVersion } from "../../src/version.ts";
import { runIn } from "../support/command-line.ts";
import { mailTo } from "../support/mailbox.ts";
import { begin, password, submit } from "../support/person.ts";
import { startServer } from "../support/server.ts";

test("a server tells its state and its version, over HTTP and gRPC", async (t) => {
  const server = await startServer(t);
  for (const endpoint of [server.adminUrl, server.adminUrl.replace("http:", "grpc:")]) {
    const state = await runIn({}, "remote", "status", "-e", endpoint);
    assert.deepEqual(state, { code: 0, out: "ALIVE  true\nREADY  true", err: "" });
    const version = await runIn({ KRATOS_ADMIN_URL: endpoint }, "remote", "version", "--format", "json");
    assert.deepEqual(JSON.parse(version.out), { version: serverVersion() });
  }
  const gone = await runIn({}, "remote", "status", "-e", "http://127.0.0.1:1", "--format", "json");
  assert.deepEqual([gone.code, JSON.parse(gone.out)], [1, { alive: false, ready: false }]);
  assert.match(gone.err, /cannot be reached/);
  assert.equal((await runIn({}, "remote", "version", "-e", "http://127.0.0.1:1")).code, 1);
});

test("a server that asks for keys tells its state to everybody, and people to none without one", async (t) => {
  const { open, locked } = await startLocked(t, "sqlite");
  const { secret } = await keyFor({ open }, ["identities.read"]);
  const environment = { KRATOS_ADMIN_URL: locked.adminUrl };
  assert.equal((await runIn(environment, "remote", "status")).code, 0);
  assert.match((await runIn(environment, "list", "identities")).err, /^ostiary identities list: .*credential/);
  assert.equal((await runIn({ ...environment, ADMIN_TOKEN: secret }, "list", "identities")).code, 0);
  assert.equal((await runIn(environment, "list", "identities", "--token", secret)).code, 0);
  assert.match((await runIn(environment, "delete", "identity", "x", "--token", secret)).err, /^x: .*identities\.write/);
});

test("messages are listed and shown, with what became of them", async (t) => {
  const courier = { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } };
  const selfservice = { methods: { code: { enabled: true } }, flows: { recovery: { enabled: true } } };
  const server = await startServer(t, { config: { courier, selfservice } });
  for (const email of ["ada@example.org", "alan@example.org"]) {
    await server.createPerson({ email, password });
    await submit(server, await begin(server, "recovery", {}), { method: "code", email }, {});
    await mailTo(server, email);
  }
  const run = (...words: string[]) => runIn({ KRATOS_ADMIN_URL: server.adminUrl }, "courier", ...words);
  const listed = await run("list", "--page-size", "1");
  assert.match(
    listed.out,
    /^ID +STATUS +TYPE +RECIPIENT +TEMPLATE +TRIES +CREATED AT\n\S+ +queued +email +alan@example\.org +recovery_code_valid +0 +\d{4}-/,
  );
  const [, token] = /--page-token (\S+)$/.exec(listed.err)!;
  assert.match((await run("list", "--page-size", "1", "--page-token", token!)).out, /ada@example\.org/);
  const [id] = (await run("list", "--recipient", "ada@example.org", "--status", "queued", "-q")).out.split("\n");
  assert.match((await run("get", id!)).out, new RegExp(`^ID +${id}\nSTATUS +queued\n(?:.*\n)+ATTEMPTS$`));
  assert.equal(JSON.parse((await run("get", id!, "--format", "json")).out).template_type, "recovery_code_valid");
  assert.equal((await run("list", "--status", "sent", "-q")).out, "");
  assert.equal((await run("list", "--status", "lost")).code, 2);
  assert.equal((await run("get", "x")).code, 1);
});
