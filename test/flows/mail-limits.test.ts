import assert from "node:assert/strict";
import { test } from "node:test";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { silentLog } from "../support/log.ts";
import { codeIn, mailTo, mailsTo } from "../support/mailbox.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";
import { runSql } from "../support/run-sql.ts";

const email = "ada@example.org";
const recovering = (limits: ConfigTree = {}, code: ConfigTree = {}): { config: ConfigTree } => ({
  config: {
    serve: { trusted_proxies: { networks: ["127.0.0.0/8"] } },
    courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" }, limits },
    selfservice: {
      methods: { code: { enabled: true, config: code } },
      flows: { recovery: { enabled: true, ui_url: "http://app.example.org/recovery" } },
    },
  },
});

async function ask(server: TestServer, address: string, headers: Record<string, string> = {}) {
  const { body: flow } = await server.native.get("/self-service/recovery/api");
  const { status, body } = await server.native.post(flow.ui.action, { method: "code", email: address }, { headers });
  return { action: flow.ui.action as string, told: [status, body.state, messageIds(body), body.ui.nodes.length] };
}

onEachDatabase(
  "no more than three codes go to an address in a quarter of an hour, and the answer never changes",
  async (server) => {
    await server.createPerson({ email, password: "correct horse battery" });
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(server, email)));
    assert.equal(new Set(answers.map(({ told }) => JSON.stringify(told))).size, 1);
    assert.equal((await mailsTo(server, email)).length, 3);
    server.advance(15 * 60_000 + 1);
    await ask(server, email);
    assert.equal((await mailsTo(server, email)).length, 4);
  },
  recovering(),
);

onEachDatabase(
  "an address that has had its share costs what others cost, whether it is anybody's or not: time does not tell who is written to",
  async (server) => {
    await server.createPerson({ email, password: "correct horse battery" });
    const rows = async () => {
      const counted = ["courier_messages", "codes"].map(async (table) =>
        Number((await runSql<{ n: number }>(server.app.db, `select count(*) as n from ${table}`))[0]!.n),
      );
      return Promise.all(counted);
    };
    for (const address of [email, "nil@example.org"]) {
      const costs: string[] = [];
      for (let at = 0; at < 5; at++) {
        const before = await rows();
        await ask(server, address);
        costs.push(String((await rows()).map((count, table) => count - before[table]!)));
      }
      assert.deepEqual(costs, Array(5).fill("1,1"), address);
    }
    assert.equal((await mailsTo(server, email)).length, 3);
  },
  recovering(),
);

onEachDatabase(
  "no more than ten codes go to an address in a day, and the answer never changes",
  async (server) => {
    await server.createPerson({ email, password: "correct horse battery" });
    const answers: string[] = [];
    const askThrice = async () => {
      for (let times = 0; times < 3; times++) answers.push(JSON.stringify((await ask(server, email)).told));
      server.advance(15 * 60_000 + 1);
    };
    for (let quarters = 0; quarters < 5; quarters++) await askThrice();
    assert.equal(new Set(answers).size, 1);
    assert.equal((await mailsTo(server, email)).length, 10);
    server.advance(24 * 3_600_000);
    await askThrice();
    assert.equal((await mailsTo(server, email)).length, 13);
  },
  recovering(),
);

test("what a day allows is for the operator to say", async (t) => {
  const server = await startServer(t, recovering({ per_address_daily: { messages: 2, within: "1h" } }));
  await server.createPerson({ email, password: "correct horse battery" });
  for (let times = 0; times < 3; times++) await ask(server, email);
  assert.equal((await mailsTo(server, email)).length, 2);
  server.advance(3_600_001);
  await ask(server, email);
  assert.equal((await mailsTo(server, email)).length, 3);
});

test("the log alone tells of a message that is not sent, and whose share is used up", async (t) => {
  const told: Json[] = [];
  const log = {
    ...silentLog,
    info: (event: string, fields?: Json) => void (event === "courier.limit_reached" && told.push(fields)),
  };
  const server = await startServer(t, { log, ...recovering({ per_client: { messages: 5 } }) });
  await server.createPerson({ email, password: "correct horse battery" });
  const answers = new Set<string>();
  for (const address of [email, email, email, email, "b@example.org", "c@example.org"])
    answers.add(JSON.stringify((await ask(server, address, { "x-forwarded-for": "198.51.100.7" })).told));
  assert.equal(answers.size, 1);
  assert.deepEqual(
    told.map(({ recipient, client, channel, reason }) => [recipient, client, channel, /per_\w+/.exec(reason)![0]]),
    [
      [email, "198.51.100.7", "email", "per_address"],
      ["c@example.org", "198.51.100.7", "email", "per_client"],
    ],
  );
});

test("the code that was sent last works on where no other one is sent", async (t) => {
  const server = await startServer(t, recovering({ per_address: { messages: 1 } }));
  await server.createPerson({ email, password: "correct horse battery" });
  const { action } = await ask(server, email);
  await server.native.post(action, { method: "code", email });
  const [mail, ...more] = await mailsTo(server, email);
  assert.equal(more.length, 0);
  const { status } = await server.native.post(action, { method: "code", code: codeIn(mail!) });
  assert.equal(status, 422);
});

onEachDatabase(
  "a client gets twenty in an hour, whomever they are for",
  async (server) => {
    const people = Array.from({ length: 23 }, (_, at) => `person-${at}@example.org`);
    for (const one of people) await server.createPerson({ email: one, password: "correct horse battery" });
    for (const one of people) await ask(server, one, { "x-forwarded-for": "198.51.100.7" });
    const sent = async () => (await Promise.all(people.map((one) => mailsTo(server, one)))).flat().length;
    assert.equal(await sent(), 20);
    await ask(server, people[22]!, { "x-forwarded-for": "198.51.100.8" });
    // Whom nobody names counts as the proxy.
    await ask(server, people[21]!);
    assert.equal(await sent(), 22);
  },
  recovering(),
);

onEachDatabase(
  "a client that has had its share uses up nobody else's",
  async (server) => {
    for (const one of ["bob@example.org", email])
      await server.createPerson({ email: one, password: "correct horse battery" });
    for (const one of ["bob@example.org", email, email, email])
      await ask(server, one, { "x-forwarded-for": "198.51.100.7" });
    assert.deepEqual(await mailsTo(server, email), []);
    await ask(server, email, { "x-forwarded-for": "198.51.100.8" });
    assert.equal((await mailsTo(server, email)).length, 1);
  },
  recovering({ per_client: { messages: 1 } }),
);

test("whoever has a network of IPv6 is one client", async (t) => {
  const server = await startServer(t, recovering({ per_client: { messages: 2 } }));
  const from = ["2001:db8:0:7::1", "2001:db8::7:a:b:c:d", "2001:0db8:0000:0007:ffff::", "2001:db8:0:8::1"];
  const sent: number[] = [];
  for (const [at, address] of from.entries()) {
    const to = `person-${at}@example.org`;
    await server.createPerson({ email: to, password: "correct horse battery" });
    await ask(server, to, { "x-forwarded-for": address });
    sent.push((await mailsTo(server, to)).length);
  }
  assert.deepEqual(sent, [1, 1, 0, 1]);
});

onEachDatabase(
  "codes that an administrator hands over are counted for each account apart",
  async (server) => {
    const invite = async (address: string) => {
      const { id } = await server.createPerson({ email: address, password: "correct horse battery" });
      return async () => {
        const { body } = await server.adminClient.post("/admin/recovery/code", { identity_id: id, flow_type: "api" });
        const flow = new URL(body.recovery_link).searchParams.get("flow");
        return {
          code: body.recovery_code as string,
          enter: (code: string) => server.native.post(`/self-service/recovery?flow=${flow}`, { method: "code", code }),
        };
      };
    };
    const [ada, bob] = [await invite(email), await invite("bob@example.org")];
    for (const { enter, code } of [await ada(), await ada()])
      for (let tries = 0; tries < 4; tries++)
        await enter(code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)));
    const [hers, his] = [await ada(), await bob()];
    assert.deepEqual(messageIds((await hers.enter(hers.code)).body), [4060006]);
    assert.equal((await his.enter(his.code)).status, 422);
  },
  recovering({}, { max_submissions_per_address: 7, throttle: { at_once: 100 } }),
);

onEachDatabase(
  "many flows are no more guesses than one",
  async (server) => {
    await server.createPerson({ email, password: "correct horse battery" });
    const wrong = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    let last: { action: string; code: string } | undefined;
    for (let flows = 0; flows < 2; flows++) {
      const before = (await mailsTo(server, email)).at(-1);
      const { action } = await ask(server, email);
      last = { action, code: codeIn(await mailTo(server, email, { after: before })) };
      for (let tries = 0; tries < 4; tries++)
        await server.native.post(action, { method: "code", code: wrong(last.code) });
    }
    const { action, code } = last!;
    assert.deepEqual(messageIds((await server.native.post(action, { method: "code", code })).body), [4060006]);
    server.advance(24 * 3_600_000);
    const { action: later } = await ask(server, email);
    const fresh = codeIn((await mailsTo(server, email)).at(-1)!);
    assert.equal((await server.native.post(later, { method: "code", code: fresh })).status, 422);
  },
  recovering({ per_address: { messages: 0 } }, { max_submissions_per_address: 7, throttle: { at_once: 100 } }),
);

onEachDatabase(
  "where strangers have guessed at an address, its owner gets in by a longer code, and nobody is told whether there is an owner",
  async (server) => {
    await server.createPerson({ email, password: "correct horse battery" });
    const field = ({ ui }: Json) =>
      ui.nodes.find(({ attributes }: Json) => attributes.name === "code").attributes.maxlength;
    const asked = async (address: string) => {
      const { body: flow } = await server.native.get("/self-service/recovery/api");
      return (await server.native.post(flow.ui.action, { method: "code", email: address })).body;
    };
    const lengths = async (address: string) => {
      const flow = await asked(address);
      const told: [number[], number] = [[], field(flow)];
      for (let tries = 0; tries < 5; tries++)
        told[0].push(
          ...messageIds((await server.native.post(flow.ui.action, { method: "code", code: "000000" })).body),
        );
      return [...told, field(await asked(address))];
    };
    const nobody = await lengths("nobody@example.org");
    assert.deepEqual(nobody, [[4060006, 4060006, 4060006, 4060006, 4060006], 6, 12]);
    assert.deepEqual(await lengths(email), nobody);
    const before = (await mailsTo(server, email)).at(-1);
    const flow = await asked(email);
    const code = codeIn(await mailTo(server, email, { after: before }));
    assert.match(code, /^\d{12}$/);
    assert.equal((await server.native.post(flow.ui.action, { method: "code", code })).status, 422);
  },
  recovering(),
);

onEachDatabase(
  "of many codes that are tried at once no more are looked at than a flow may try",
  async (server) => {
    await server.createPerson({ email, password: "correct horse battery" });
    const { action } = await ask(server, email);
    const right = codeIn(await mailTo(server, email));
    const wrong = Array.from({ length: 20 }, (_, at) => String((Number(right) + at + 1) % 1_000_000).padStart(6, "0"));
    const answers = await Promise.all(wrong.map((code) => server.native.post(action, { method: "code", code })));
    const looked = answers.filter(({ body }) => body.ui && messageIds(body).includes(4060006)).length;
    assert.ok(looked <= 5, `${looked} were looked at`);
    // The right one comes too late, even alone.
    assert.notEqual((await server.native.post(action, { method: "code", code: right })).status, 422);
  },
  recovering(),
);
