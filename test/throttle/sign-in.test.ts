import assert from "node:assert/strict";
import { test } from "node:test";
import type { Log } from "../../src/log.ts";
import { messageIds } from "../support/client.ts";
import type { Answer } from "../support/client.ts";
import { codeIn, mailTo } from "../support/mailbox.ts";
import { atOnce, begin, password, signedIn, submit, submitIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { onEachDatabase } from "../support/servers.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { silentLog } from "../support/log.ts";

const email = "pat@example.org";
const minute = 60_000;

async function signIn(
  server: TestServer,
  identifier: string,
  typed: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return submit(server, await begin(server, "login", {}), { method: "password", identifier, password: typed }, headers);
}

/** Guesses until no more is looked at. */
async function lockOut(server: TestServer, identifier = email): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < 12; at++) answers.push(await signIn(server, identifier, `wrong-guess-${at}`));
  return answers;
}

/** What of an answer could tell one account from another. */
const told = ({ status, headers, body }: Answer) => [
  status,
  [...headers.keys()].filter((name) => name !== "date"),
  status === 429 ? body : [messageIds(body), body.state, body.ui.nodes.length],
];

onEachDatabase("whoever guesses too often is told to wait, whether the account is there or not", async (server) => {
  await server.createPerson({ email, password });
  const [known, unknown] = [await lockOut(server), await lockOut(server, "nil@example.org")];
  assert.deepEqual(
    known.map(({ status }) => status),
    [...Array<number>(10).fill(400), 429, 429],
  );
  assert.deepEqual(known.map(told), unknown.map(told));
  const [wait = 0, ...waits] = [known[10]!, known[11]!, ...unknown.slice(10)].map(({ headers }) =>
    Number(headers.get("retry-after")),
  );
  assert.ok(
    [wait, ...waits].every((one) => one > 100 && one <= 180),
    `wait for ${[wait, ...waits].join()} seconds`,
  );
  const right = await signIn(server, email, password);
  assert.equal(right.status, 429);
  assert.deepEqual(right.body, known[10]!.body);
  server.advance(wait * 1000);
  assert.equal((await signIn(server, email, password)).status, 200);
});

test("other protocols say it in their own words", async (t) => {
  const server = await startServer(t);
  await server.createPerson({ email, password });
  await lockOut(server);
  const flow = await begin(server, "login", {});
  const submission = { password: { identifier: email, password } };
  const { status, body } = await server.native.post("/ostiary.public.v1.LoginService/UpdateLoginFlow", {
    flow: flow.id,
    submission,
  });
  assert.deepEqual([status, body.code], [429, "resource_exhausted"]);
  assert.ok(
    body.details.some(({ type }: { type: string }) => type === "google.rpc.RetryInfo"),
    JSON.stringify(body),
  );
});

onEachDatabase(
  "the owner under attack signs in where they did before: in a browser, and natively by X-Device-Token",
  async (server) => {
    await server.createPerson({ email, password });
    const browser = server.spa();
    const credentials = { method: "password", identifier: email, password };
    assert.equal((await submitIn(browser, "login", credentials)).status, 200);
    const device = (await signIn(server, email, password)).headers.get("x-device-token")!;
    await lockOut(server);
    for (let at = 0; at < 12; at++) {
      assert.equal((await signIn(server, email, password)).status, 429);
      for (const name of browser.cookies.keys()) if (name !== "ostiary_device") browser.cookies.delete(name);
      assert.equal((await submitIn(browser, "login", credentials)).status, 200);
      assert.equal((await signIn(server, email, password, { "x-device-token": device })).status, 200);
    }
    const forged = `${device.slice(0, -2)}${device.endsWith("AA") ? "BB" : "AA"}`;
    assert.equal((await signIn(server, email, password, { "x-device-token": forged })).status, 429);
    await server.createPerson({ email: "eve@example.org", password });
    const eves = (await signIn(server, "eve@example.org", password)).headers.get("x-device-token")!;
    assert.equal(
      (await signIn(server, email, password, { "x-device-token": eves })).status,
      429,
      "a device is known to its own people",
    );
  },
);

onEachDatabase("whoever confirms who they are guesses no more often", async (server) => {
  const { headers } = await signedIn(server, email);
  const confirm = async (typed: string) =>
    submit(
      server,
      await begin(server, "login", headers, "?refresh=true"),
      { method: "password", identifier: email, password: typed },
      headers,
    );
  let looked = 0;
  for (let at = 0; at < 25; at++) if ((await confirm(`wrong-guess-${at}`)).status === 400) looked += 1;
  // Ten as somebody whose session it is, and ten that everybody has.
  assert.equal(looked, 20);
  assert.equal((await confirm(password)).status, 429);
  assert.equal((await signIn(server, email, password)).status, 429);
});

onEachDatabase(
  "recovery ends it, and so does a password that an administrator sets",
  async (server) => {
    const { id } = await server.createPerson({ email, password });
    await lockOut(server);
    const { body: flow } = await server.native.get("/self-service/recovery/api");
    await server.native.post(flow.ui.action, { method: "code", email });
    assert.equal((await signIn(server, email, password)).status, 429, "asking alone ends nothing");
    await server.native.post(flow.ui.action, { method: "code", code: codeIn(await mailTo(server, email)) });
    assert.equal((await signIn(server, email, password)).status, 200);
    await lockOut(server);
    const another = "another-battery-staple-7";
    const { status } = await server.adminClient.send("PUT", `/admin/identities/${id}`, {
      json: {
        schema_id: "person",
        state: "active",
        traits: { email },
        credentials: { password: { config: { password: another } } },
      },
    });
    assert.equal(status, 200);
    assert.equal((await signIn(server, email, another)).status, 200);
  },
  {
    config: {
      courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
      selfservice: {
        methods: { code: { enabled: true } },
        flows: { recovery: { enabled: true, ui_url: "http://app.example.org/recovery" } },
      },
    },
  },
);

interface Event {
  readonly level: string;
  readonly event: string;
  readonly fields: Record<string, unknown>;
}

function recorder(): { events: Event[]; log: Log } {
  const events: Event[] = [];
  const on =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      void events.push({ level, event, fields });
  return { events, log: { ...silentLog, info: on("info"), warn: on("warn") } };
}

const behindProxy = { serve: { trusted_proxies: { networks: ["127.0.0.0/8"] } } };

test("every attempt is told to the log once, and nothing that was typed", async (t) => {
  const { events, log } = recorder();
  const server = await startServer(t, { log, config: behindProxy });
  const { id } = await server.createPerson({ email, password });
  const from = { "x-forwarded-for": "203.0.113.9, 198.51.100.7" };
  await signIn(server, email, "wrong-guess", from);
  await signIn(server, "nil@example.org", "wrong-guess", from);
  await signIn(server, email, password, from);
  await lockOut(server);
  const [wrong, unknown, right, ...rest] = events.filter(({ event }) => event.startsWith("login."));
  const common = { method: "password", client: "198.51.100.7" };
  const plain = ({ event, fields: { flow_id, ...fields } }: Event) => [event, typeof flow_id, fields];
  assert.deepEqual(plain(wrong!), ["login.failed", "string", { ...common, identity_id: id, messages: [4000006] }]);
  assert.deepEqual(plain(unknown!), ["login.failed", "string", { ...common, messages: [4000006] }]);
  assert.deepEqual(plain(right!), ["login.passed", "string", { ...common, identity_id: id }]);
  assert.deepEqual(
    rest.map(({ event }) => event),
    [...Array<string>(9).fill("login.failed"), ...Array<string>(3).fill("login.throttled")],
  );
  assert.deepEqual(plain(rest.at(-1)!), [
    "login.throttled",
    "string",
    { ...common, client: "127.0.0.1", identity_id: id },
  ]);
  assert.doesNotMatch(JSON.stringify(events), /wrong-guess|correct-horse|example\.org/);
});

test("a wrong code is told to the log as well, and so is one that comes too late", async (t) => {
  const { events, log } = recorder();
  const page = (kind: string) => ({ enabled: true, ui_url: `http://app.example.org/${kind}` });
  const selfservice = {
    methods: { code: { enabled: true } },
    flows: { recovery: page("recovery"), verification: page("verification") },
  };
  const server = await startServer(t, {
    log,
    config: { courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } }, selfservice },
  });
  for (const [kind, wrong] of [
    ["recovery", 4060006],
    ["verification", 4070006],
  ] as const) {
    const { body: flow } = await server.native.get(`/self-service/${kind}/api`);
    for (const typed of [{ email }, ...Array.from({ length: 6 }, () => ({ code: "12345x" }))])
      await server.native.post(flow.ui.action, { method: "code", ...typed });
    const told = events
      .filter(({ event }) => event.startsWith(`${kind}.`))
      .map(({ event, fields }) => [event, fields["messages"]]);
    assert.deepEqual(told, [...Array<unknown>(5).fill([`${kind}.failed`, [wrong]]), [`${kind}.failed`, [4000001]]]);
  }
});

for (const dialect of databases)
  test(`an attack on many accounts from many addresses is told in the log, by servers together, within a minute (${dialect})`, async (t) => {
    const scratch = await createMigrated(dialect);
    const { events, log } = recorder();
    const servers = [
      await startServer(t, { log, dsn: scratch.dsn, config: behindProxy }),
      await startServer(t, { log, dsn: scratch.dsn, config: behindProxy }),
    ];
    t.after(() => scratch.drop());
    const attack = (at: number) =>
      signIn(servers[at % 2]!, `person-${at}@example.org`, "wrong-guess", { "x-forwarded-for": `203.0.113.${at}` });
    const later = () => servers.forEach((server) => server.advance(6_000));
    const alarms = () => events.filter(({ event }) => event === "login.many_failures");
    await atOnce(90, attack);
    later();
    await atOnce(2, attack);
    assert.equal(alarms().length, 0);
    await atOnce(40, (at) => attack(100 + at));
    later();
    await atOnce(2, attack);
    later();
    await atOnce(2, attack);
    assert.ok(alarms().length >= 1 && alarms().length <= 2, `${alarms().length} alarms, one of each server at most`);
    assert.ok(alarms().every(({ level, fields }) => level === "warn" && Number(fields["failures"]) >= 100));
    const before = alarms().length;
    servers.forEach((server) => server.advance(2 * minute));
    await attack(1);
    assert.equal(alarms().length, before);
  });

test("who is behind a proxy is believed of proxies that are trusted alone", async (t) => {
  const { events, log } = recorder();
  const clients = async (networks: readonly string[], header: string, headers: Record<string, string>) => {
    const server = await startServer(t, { log, config: { serve: { trusted_proxies: { networks, header } } } });
    await signIn(server, "nil@example.org", "wrong-guess", headers);
    return events.at(-1)!.fields["client"];
  };
  const reported = { "x-forwarded-for": "192.0.2.1, 198.51.100.7, 10.1.2.3", "x-real-ip": "192.0.2.9" };
  assert.equal(await clients(["127.0.0.1", "10.0.0.0/8"], "X-Forwarded-For", reported), "198.51.100.7");
  assert.equal(await clients(["127.0.0.1"], "X-Forwarded-For", reported), "10.1.2.3");
  assert.equal(await clients([], "X-Forwarded-For", reported), "127.0.0.1");
  assert.equal(await clients(["127.0.0.0/8"], "X-Real-IP", reported), "192.0.2.9");
  assert.equal(
    await clients(["127.0.0.0/8"], "X-Forwarded-For", { "x-forwarded-for": "198.51.100.7, unknown" }),
    "127.0.0.1",
  );
  assert.equal(
    await clients(["127.0.0.0/8"], "X-Forwarded-For", { "x-forwarded-for": "[2001:db8::7]:443" }),
    "2001:db8::7",
  );
});

test("where it is switched off, passwords are looked at as often as they come", async (t) => {
  const server = await startServer(t, {
    config: { selfservice: { methods: { password: { config: { throttle: { enabled: false } } } } } },
  });
  await server.createPerson({ email, password });
  assert.ok((await lockOut(server)).every(({ status }) => status === 400));
  assert.equal((await signIn(server, email, password)).headers.get("x-device-token"), null);
});
