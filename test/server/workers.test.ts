import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { connect } from "node:tls";
import { create } from "@bufbuild/protobuf";
import { SessionService, ToSessionRequestSchema } from "#gen/ostiary/public/v1/session_service_pb.js";
import { makeCertificate } from "../support/certificate.ts";
import { Client } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { until } from "../support/courier.ts";
import { doors } from "../support/doors.ts";
import { startMailServer } from "../support/mail-server.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess, ServerProcessOptions } from "../support/server-process.ts";

const ada = { email: "ada@example.org", password: "correct horse" };
const patienceMs = 60_000;

/** A server of two workers on one file of SQLite. */
async function startWorkers(t: TestContext, config: ServerProcessOptions["config"]): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-workers-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return startProcess(t, {
    config: {
      dsn: `sqlite://${folder}/people.sqlite`,
      log: { level: "debug", format: "json" },
      ...config,
      serve: { workers: 2, shutdown: { lame_duck: "300ms" }, ...(config?.["serve"] as object) },
    },
  });
}

const logged = ({ lines }: ServerProcess, event: string) =>
  lines.map((line) => JSON.parse(line)).filter((line) => line.event === event);

const pidOf = (server: ServerProcess, worker: number): number => logged(server, "listening")[0].workers[worker - 1];

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The sum of a metric over its series of which the labels contain a text. */
async function metric({ adminUrl }: ServerProcess, name: string, labels = ""): Promise<number> {
  const { body } = await new Client(adminUrl).get("/metrics/prometheus");
  const values = String(body)
    .split("\n")
    .filter((line) => line.startsWith(name) && line.includes(labels))
    .map((line) => Number(line.split(" ").at(-1)));
  return values.reduce((sum, value) => sum + value, 0);
}

async function signIn({ publicUrl, adminUrl }: ServerProcess): Promise<string> {
  const credentials = { password: { config: { password: ada.password } } };
  const admin = new Client(adminUrl);
  await admin.post("/admin/identities", { schema_id: "person", traits: { email: ada.email }, credentials });
  const native = new Client(publicUrl);
  const { body: flow } = await native.get("/self-service/login/api");
  const answer = { method: "password", identifier: ada.email, password: ada.password };
  const { body } = await native.post(flow.ui.action, answer);
  return body.session_token;
}

interface Loaded {
  readonly answers: number;
  /** The failures of each connection. */
  readonly failures: readonly number[];
}

/** Has connections ask who is signed in, over and over, until they are told to stop, or nobody listens any more. */
function load({ publicUrl }: ServerProcess, token: string, connections: number): () => Promise<Loaded> {
  let stopped = false;
  let answers = 0;
  const failures = Array.from({ length: connections }, () => 0);
  const run = async (at: number) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!stopped) {
      const outcome = await new Promise<number | string>((resolve) => {
        const headers = { "x-session-token": token };
        const req = http.get(`${publicUrl}/sessions/whoami`, { agent, headers }, (res) => {
          res.resume().once("end", () => resolve(res.statusCode!));
        });
        req.once("error", (error: NodeJS.ErrnoException) => resolve(error.code!));
      });
      if (outcome === "ECONNREFUSED") break;
      if (outcome === 200) answers++;
      else failures[at]!++;
    }
    agent.destroy();
  };
  const running = Promise.all(failures.map((_, at) => run(at)));
  return async () => {
    stopped = true;
    await running;
    return { answers, failures };
  };
}

test("two workers are one server: calls, metrics, configuration, mail, the death of one and the end of both", async (t) => {
  const mails = await startMailServer(t);
  t.after(() => mails.close());
  const server = await startWorkers(t, {
    revision: "one",
    "watch-courier": true,
    courier: { smtp: { connection_uri: `smtp://127.0.0.1:${mails.port}/?disable_starttls=true` } },
    selfservice: { flows: { recovery: { enabled: true } }, methods: { code: { enabled: true } } },
  });
  const token = await signIn(server);
  const recover = async (name: string) => {
    const email = `${name}@example.org`;
    await new Client(server.adminUrl).post("/admin/identities", { schema_id: "person", traits: { email } });
    const client = new Client(server.publicUrl);
    const { body: flow } = await client.get("/self-service/recovery/api");
    const { body } = await client.post(flow.ui.action, { method: "code", email });
    assert.equal(body.state, "sent_email");
  };

  await t.test("either answers, by each protocol, and the metrics of both add up", async () => {
    const before = await metric(server, "ostiary_calls_total", 'method="ToSession"');
    const request = create(ToSessionRequestSchema, {});
    let asked = 0;
    for (const open of Object.values(doors))
      for (const door of [open(server.publicUrl), open(server.publicUrl)]) {
        const outcome = await door(SessionService.method.toSession, request, { "x-session-token": token });
        if (outcome) asked++;
        if (outcome) assert.equal(outcome.verdict, "fine");
      }
    assert.ok(asked >= 12);
    assert.equal((await metric(server, "ostiary_calls_total", 'method="ToSession"')) - before, asked);
    assert.equal(await metric(server, "ostiary_workers"), 2);
    const workers = new Set(logged(server, "request").map(({ worker }) => worker));
    assert.deepEqual([...workers].toSorted(), [1, 2]);
  });

  await t.test("a changed configuration takes effect in both, and is told once", async () => {
    const revisions = () =>
      Promise.all([1, 2, 3, 4].map(async () => (await new Client(server.adminUrl).get("/health/config")).body));
    server.reconfigure({ revision: "two" });
    await until(async () => (await revisions()).every((revision) => revision === "two"), patienceMs);
    assert.equal(logged(server, "configuration reloaded").length, 1);
  });

  await t.test("the leader is killed: its connections lose what they had asked, the others nothing", async () => {
    await Promise.all(["bob", "cleo", "dan", "eve"].map(recover));
    await until(() => mails.count() === 4, patienceMs);
    const stop = load(server, token, 6);
    await until(async () => (await metric(server, "ostiary_calls_total", 'method="ToSession"')) > 100, patienceMs);
    const counted = await metric(server, "ostiary_calls_total", 'method="ToSession"');
    process.kill(pidOf(server, 1), "SIGKILL");
    assert.ok((await metric(server, "ostiary_calls_total", 'method="ToSession"')) >= counted);
    await until(() => logged(server, "worker restarted").length === 1, patienceMs);
    assert.ok((await metric(server, "ostiary_calls_total", 'method="ToSession"')) >= counted);
    assert.equal(await metric(server, "ostiary_workers"), 2);
    assert.equal((await new Client(server.adminUrl).get("/health/ready")).status, 200);
    const { failures } = await stop();
    // A connection has one request at a time, and some were the other worker's.
    assert.ok(failures.every((count) => count <= 1) && failures.includes(0), `${failures}`);
  });

  await t.test("another worker delivers in its place, each message once", async () => {
    await Promise.all(["fay", "gil", "hal", "ida"].map(recover));
    await until(() => mails.count() === 8, patienceMs);
    assert.equal(new Set(mails.received.flatMap(({ to }) => to)).size, 8);
  });

  await t.test("asked to end, both answer what was asked, and go", async () => {
    const stop = load(server, token, 6);
    assert.equal(await server.stop(), 0);
    const { answers, failures } = await stop();
    assert.ok(answers > 0);
    assert.deepEqual(failures, [0, 0, 0, 0, 0, 0]);
    assert.equal(logged(server, "stopped").length, 1);
    assert.equal(mails.count(), 8);
  });
});

test("a worker that hangs is killed, and replaced, behind a port of IPv6 as well", async (t) => {
  const server = await startWorkers(t, { serve: { worker_timeout: "5s", public: { host: "::1" } } });
  const hung = pidOf(server, 2);
  process.kill(hung, "SIGSTOP");
  await until(() => logged(server, "worker restarted").some(({ restarted }) => restarted === 2), patienceMs);
  assert.equal(isRunning(hung), false);
  assert.ok(logged(server, "worker does not answer, killing it").some(({ pid }) => pid === hung));
  await until(async () => (await metric(server, "ostiary_workers")) === 2, patienceMs);
  const byIpv6 = new Client(`http://[::1]:${server.publicPort}`);
  const answers = await Promise.all([1, 2, 3, 4].map(() => byIpv6.get("/sessions/whoami")));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [401, 401, 401, 401],
  );
});

test("workers share a unix socket, and a session that ends is forgotten by all of their caches", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-socket-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const socketPath = join(folder, "public.sock");
  const server = await startWorkers(t, {
    session: { cache: { mode: "strict" } },
    serve: { public: { host: `unix:${socketPath}` } },
  });
  const credentials = { password: { config: { password: ada.password } } };
  const admin = new Client(server.adminUrl);
  await admin.post("/admin/identities", { schema_id: "person", traits: { email: ada.email }, credentials });
  const flow = await ask(socketPath, "/self-service/login/api");
  const answer = { method: "password", identifier: ada.email, password: ada.password };
  const signedIn = await ask(socketPath, `/self-service/login?flow=${flow.body.id}`, {}, answer);
  const headers = { "x-session-token": signedIn.body.session_token };
  // Each connection goes to the worker with the fewest, so that both of them see some.
  const statuses = async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(socketPath, "/sessions/whoami", headers)));
    return new Set(answers.map(({ status }) => status));
  };
  await until(async () => {
    assert.deepEqual(await statuses(), new Set([200]));
    return (await metric(server, "ostiary_session_cache_hits_total")) > 24;
  }, patienceMs);
  assert.equal((await admin.send("DELETE", `/admin/sessions/${signedIn.body.session.id}`)).status, 204);
  assert.deepEqual(await statuses(), new Set([401]));
});

/** Asks by a connection of its own, through a unix socket. */
function ask(
  socketPath: string,
  path: string,
  more: object = {},
  body?: object,
): Promise<{ status: number; body: Json }> {
  return new Promise((resolve, reject) => {
    const headers = { accept: "application/json", ...more, ...(body && { "content-type": "application/json" }) };
    const request = http.request({ socketPath, path, agent: false, method: body ? "POST" : "GET", headers }, (res) => {
      const pieces: Buffer[] = [];
      res.on("data", (piece: Buffer) => pieces.push(piece));
      res.on("end", () => resolve({ status: res.statusCode!, body: JSON.parse(Buffer.concat(pieces).toString()) }));
    });
    request.on("error", reject).end(body && JSON.stringify(body));
  });
}

test("both workers show a new certificate, and neither outlives a server that is asked twice to end", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-tls-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const install = (name: string) => {
    const { cert, key } = makeCertificate(name);
    writeFileSync(join(folder, "key.pem"), key);
    writeFileSync(join(folder, "cert.pem"), cert);
  };
  install("old.example.org");
  const tls = { key: { path: join(folder, "key.pem") }, cert: { path: join(folder, "cert.pem") } };
  const server = await startWorkers(t, { serve: { public: { tls }, shutdown: { lame_duck: "1h" } } });
  const shown = async () => {
    const socket = connect({ host: "127.0.0.1", port: server.publicPort, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return CN;
  };
  const names = () => Promise.all([1, 2, 3, 4].map(shown));
  assert.deepEqual(new Set(await names()), new Set(["old.example.org"]));
  install("new.example.org");
  await until(async () => (await names()).every((name) => name === "new.example.org"), patienceMs);

  const pids = [pidOf(server, 1), pidOf(server, 2)];
  assert.ok(pids.every(isRunning));
  server.child.kill("SIGTERM");
  await until(() => logged(server, "stopping").length === 1, patienceMs);
  assert.equal(await server.stop("SIGTERM"), 1);
  await until(() => !pids.some(isRunning), patienceMs);
});
