import assert from "node:assert/strict";
import { test } from "node:test";
import { answersAbout } from "../support/answers-about.ts";
import { csrfTokenOf, messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { codeIn, linkIn, mailTo, mailsTo } from "../support/mailbox.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const email = "ada@example.org";
const verifying = (changes: ConfigTree = {}): { config: ConfigTree } => ({
  config: {
    courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
    selfservice: {
      methods: { code: { enabled: true }, link: { enabled: true } },
      flows: { verification: { enabled: true, ui_url: "http://app.example.org/verification", ...changes } },
    },
  },
});
const ada = (server: TestServer) => server.createPerson({ email, password: "correct horse battery" });
const stateOf = async (server: TestServer, id: string) =>
  (await server.admin("GET", `/admin/identities/${id}`)).body.verifiable_addresses[0];
const wrong = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));

onEachDatabase(
  "an address is verified by the code that was sent to it",
  async (server) => {
    const { id } = await ada(server);
    const { body: flow } = await server.native.get("/self-service/verification/api?return_to=/after");
    const asked = await server.native.post(flow.ui.action, { method: "code", email: "ADA@example.org" });
    assert.equal(asked.status, 200);
    assert.equal(asked.body.state, "sent_email");
    assert.deepEqual(messageIds(asked.body), [1080003]);
    const mail = await mailTo(server, email, { type: "verification_code_valid" });
    assert.equal((await stateOf(server, id)).status, "sent");
    const missed = await server.native.post(flow.ui.action, { method: "code", code: wrong(codeIn(mail)) });
    assert.equal(missed.status, 200);
    assert.deepEqual(messageIds(missed.body), [4070006]);
    const done = await server.native.post(flow.ui.action, { method: "code", code: codeIn(mail) });
    assert.equal(done.status, 200);
    assert.equal(done.body.state, "passed_challenge");
    assert.deepEqual([done.body.ui.method, done.body.ui.action], ["GET", "http://app.example.org/after"]);
    assert.deepEqual(messageIds(done.body), [1080002]);
    const { verified, status } = await stateOf(server, id);
    assert.deepEqual([verified, status], [true, "completed"]);
    const again = await server.native.post(flow.ui.action, { method: "code", code: codeIn(mail) });
    assert.equal(again.status, 410);
    assert.equal(again.body.error.id, "self_service_flow_replaced");
  },
  verifying(),
);

onEachDatabase(
  "whether anybody has an address shows in no answer",
  async (server) => {
    await ada(server);
    assert.equal(
      await answersAbout(server, "verification", "nobody@example.org"),
      await answersAbout(server, "verification", email),
    );
    assert.deepEqual(await mailsTo(server, "nobody@example.org"), []);
  },
  verifying(),
);

onEachDatabase(
  "an address that is longer than any is answered like one that nobody has",
  async (server) => {
    for (const address of [`${"x".repeat(600)}@example.org`, `+${"1".repeat(600)}`]) {
      const { body: flow } = await server.native.get("/self-service/verification/api");
      const { status, body } = await server.native.post(flow.ui.action, { method: "code", email: address });
      assert.deepEqual([status, body.state], [200, "sent_email"]);
    }
  },
  verifying(),
);

test("too many tries end a flow, also for the right code", async (t) => {
  const server = await startServer(t, verifying());
  await ada(server);
  const { body: flow } = await server.native.get("/self-service/verification/api");
  await server.native.post(flow.ui.action, { method: "code", email });
  const code = codeIn(await mailTo(server, email));
  const tries = Array.from({ length: 12 }, () =>
    server.native.post(flow.ui.action, { method: "code", code: wrong(code) }),
  );
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 200).length, 5);
  // Another code does not begin the count anew.
  await server.native.post(flow.ui.action, { method: "code", email });
  const mails = await mailsTo(server, email);
  const late = await server.native.post(flow.ui.action, { method: "code", code: codeIn(mails.at(-1)!) });
  assert.equal(late.status, 410);
});

test("a code runs out after ten minutes, and with the next one", async (t) => {
  const server = await startServer(t, verifying());
  const { id } = await ada(server);
  const { body: flow } = await server.native.get("/self-service/verification/api");
  const ask = () => server.native.post(flow.ui.action, { method: "code", email });
  const enter = async (code: string) => (await server.native.post(flow.ui.action, { method: "code", code })).body.state;
  await ask();
  const first = await mailTo(server, email);
  await ask();
  const second = await mailTo(server, email, { after: first });
  assert.equal(await enter(codeIn(first)), "sent_email");
  server.advance(600_001);
  assert.equal(await enter(codeIn(second)), "sent_email");
  assert.equal((await stateOf(server, id)).verified, false);
});

onEachDatabase(
  "a link verifies in another browser, once, and not for those who only look",
  async (server) => {
    const { id } = await ada(server);
    const spa = server.spa();
    const { body: flow } = await spa.get("/self-service/verification/browser?return_to=/after");
    await spa.post(flow.ui.action, { method: "link", email, csrf_token: csrfTokenOf(flow) });
    const link = linkIn(await mailTo(server, email, { type: "verification_valid" })).href;
    const phone = server.browser();
    for (const [verb, headers] of [
      ["HEAD", {}],
      ["GET", { "sec-purpose": "prefetch;prerender" }],
    ] as const) {
      assert.equal((await phone.send(verb, link, { headers })).status >= 300, true);
      assert.equal((await stateOf(server, id)).verified, false, verb);
    }
    const opened = await phone.get(link);
    assert.equal(opened.location, `http://app.example.org/verification?flow=${flow.id}`);
    assert.equal((await stateOf(server, id)).verified, true);
    const { body } = await phone.get(`/self-service/verification/flows?id=${flow.id}`, { accept: "application/json" });
    assert.equal(body.ui.action, "http://app.example.org/after");
    const again = await phone.get(link);
    assert.notEqual(again.location, opened.location);
  },
  verifying({ use: "link" }),
);

test("the link beside a code fills it in, for whichever browser opens it", async (t) => {
  const server = await startServer(t, verifying());
  const { id } = await ada(server);
  const spa = server.spa();
  const { body: flow } = await spa.get("/self-service/verification/browser");
  await spa.post(flow.ui.action, { method: "code", email, csrf_token: csrfTokenOf(flow) });
  const mail = await mailTo(server, email);
  const other = server.browser();
  assert.equal((await other.get(linkIn(mail).href)).location, `http://app.example.org/verification?flow=${flow.id}`);
  const { body: seen } = await other.get(`/self-service/verification/flows?id=${flow.id}`, {
    accept: "application/json",
  });
  const field = seen.ui.nodes.find((node: Json) => node.attributes.name === "code");
  assert.equal(field.attributes.value, codeIn(mail));
  assert.equal((await stateOf(server, id)).verified, false);
  await other.send("POST", flow.ui.action, { form: { method: "code", code: field.attributes.value } });
  assert.equal((await stateOf(server, id)).verified, true);
});

onEachDatabase(
  "the link beside a code gives nobody more tries than typing it, and opening the right one costs none",
  async (server) => {
    const { id } = await ada(server);
    const { body: flow } = await server.native.get("/self-service/verification/api");
    const ask = () => server.native.post(flow.ui.action, { method: "code", email });
    const open = (query: string) => server.browser().get(`/self-service/verification?flow=${flow.id}&${query}`);
    const filledIn = async () => {
      const { body } = await server.native.get(`/self-service/verification/flows?id=${flow.id}`);
      return body.ui.nodes.find(({ attributes }: Json) => attributes.name === "code").attributes.value;
    };
    await ask();
    const first = await mailTo(server, email);
    await open(`token=${codeIn(first)}`);
    assert.equal((await stateOf(server, id)).verified, false);
    for (let clicks = 0; clicks < 7; clicks++) await open(`code=${codeIn(first)}`);
    assert.equal(await filledIn(), codeIn(first));
    await ask();
    const code = codeIn(await mailTo(server, email, { after: first }));
    await Promise.all(Array.from({ length: 12 }, () => open(`code=${wrong(code)}`)));
    await open(`code=${code}`);
    assert.equal(await filledIn(), undefined);
  },
  verifying(),
);

test("another site cannot make a browser enter a code", async (t) => {
  const server = await startServer(t, verifying());
  const spa = server.spa();
  const { body: flow } = await spa.get("/self-service/verification/browser");
  const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
  const { status } = await spa.post(flow.ui.action, { method: "code", code: "123456" }, { headers });
  assert.equal(status, 403);
});

test("addresses that nobody has are written to where the configuration says so", async (t) => {
  const server = await startServer(t, verifying({ notify_unknown_recipients: true }));
  const { body: flow } = await server.native.get("/self-service/verification/api");
  await server.native.post(flow.ui.action, { method: "code", email: "nobody@example.org" });
  await mailTo(server, "nobody@example.org", { type: "verification_code_invalid" });
});

test("a verification that ran out leads to another", async (t) => {
  const server = await startServer(t, verifying());
  const browser = server.spa();
  const { body: flow } = await browser.get("/self-service/verification/browser?return_to=/after");
  server.advance(3_600_001);
  const gone = await browser.get(`/self-service/verification/flows?id=${flow.id}`);
  assert.equal(gone.status, 410);
  const sent = await browser.post(flow.ui.action, { method: "code", email, csrf_token: csrfTokenOf(flow) });
  assert.equal(sent.status, 303);
  const { body: next } = await browser.get(sent.location!);
  assert.deepEqual(messageIds(next), [4070005]);
  assert.equal(next.return_to, "/after");
});
