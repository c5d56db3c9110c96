import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { courierDispatches } from "../../src/courier/entities.ts";
import type { Mail } from "../../src/courier/message.ts";
import type { ConfigTree } from "../support/config.ts";
import { startMessageService as startService } from "../support/message-service.ts";
import type { Received } from "../support/message-service.ts";
import { codeMail, courierConfig, openOutbox, outbox, post, until } from "../support/courier.ts";
import { countOf, rowsOf } from "../support/rows.ts";

async function send(
  t: TestContext,
  courier: ConfigTree,
  mail: Mail = codeMail("anna@example.org"),
  more: ConfigTree = {},
) {
  const { db, work } = await openOutbox(t);
  const config = courierConfig({ worker: { pull_wait: "50ms" }, ...courier }, more);
  work(config);
  await post(db, config, mail);
  await until(async () => (await countOf(db, courierDispatches)) > 0, 15_000);
  const [dispatch] = await rowsOf(db, courierDispatches);
  const [message] = await outbox(db);
  return { error: dispatch!.error?.message, message: message! };
}

const sms: Mail = {
  channel: "sms",
  templateType: "login_code_valid",
  recipient: "+4915112345678",
  data: { login_code: "123456", request_url: "https://id.example.org/self-service/login" },
};

test("e-mail over HTTP, with the credentials and headers of the operator", async (t) => {
  const service = await startService(t, 202);
  const request_config = {
    url: `${service.url}/send?to=all`,
    method: "PUT",
    headers: { "X-Tenant": "one", "Content-Type": "application/vnd.mail+json" },
    auth: { type: "basic_auth", config: { user: "me", password: "it" } },
  };
  const { message } = await send(t, { delivery_strategy: "http", http: { request_config } });
  assert.equal(message.status, "sent");
  const [{ method, url, headers, body }] = service.received as [Received];
  assert.deepEqual([method, url], ["PUT", "/send?to=all"]);
  assert.equal(headers.authorization, `Basic ${Buffer.from("me:it").toString("base64")}`);
  assert.equal(headers["x-tenant"], "one");
  assert.equal(headers["content-type"], "application/vnd.mail+json");
  assert.deepEqual(JSON.parse(body), {
    recipient: "anna@example.org",
    template_type: "login_code_valid",
    to: "anna@example.org",
    recovery_code: null,
    recovery_url: null,
    verification_url: null,
    verification_code: null,
    subject: message.subject,
    body: message.body,
  });
});

test("a body that a program of the operator makes, who is told when it fails", async (t) => {
  const service = await startService(t);
  const sent = (program: string) => {
    const body = `base64://${Buffer.from(program).toString("base64")}`;
    return send(t, { channels: [{ id: "sms", type: "http", request_config: { url: service.url, body } }] }, sms);
  };
  const { message } = await sent(
    "function(ctx) { To: ctx.recipient, code: ctx.template_data.login_code, kind: [ctx.template_type, ctx.message_type] }",
  );
  assert.equal(message.status, "sent");
  assert.deepEqual(JSON.parse(service.received[0]!.body), {
    To: sms.recipient,
    code: "123456",
    kind: ["login_code_valid", "sms"],
  });
  assert.match((await sent("function(ctx) ctx.nothing")).error!, /1:\d+: there is no field nothing/);
  assert.match((await sent("function(ctx) {")).error!, /1:\d+: /);
  assert.equal(service.received.length, 1);
});

test("a body is written as its declared type says, by every way out", async (t) => {
  const service = await startService(t);
  const program = (text: string) => `base64://${Buffer.from(text).toString("base64")}`;
  const fields = program("function(ctx) { To: ctx.recipient, Body: 'a&b = c', None: null }");
  const form = { url: service.url, headers: { "content-TYPE": "Application/X-WWW-Form-Urlencoded; charset=utf-8" } };
  for (const [courier, mail] of [
    [{ channels: [{ id: "sms", type: "http", request_config: { ...form, body: fields } }] }, sms],
    [{ delivery_strategy: "http", http: { request_config: { ...form, body: fields } } }, codeMail("+4915112345678")],
    [
      { channels: [{ id: "email", type: "http", request_config: { ...form, body: fields } }] },
      codeMail("+4915112345678"),
    ],
  ] as const) {
    assert.equal((await send(t, courier, mail)).error, undefined);
    assert.equal(service.received.at(-1)!.body, "Body=a%26b+%3D+c&None=&To=%2B4915112345678");
  }
  await send(t, { delivery_strategy: "http", http: { request_config: form } });
  assert.equal(
    new URLSearchParams(service.received.at(-1)!.body).get("recipient"),
    "anna@example.org",
    "the standard body as well",
  );
  const by = (type: string, text: string) =>
    send(
      t,
      {
        channels: [
          {
            id: "sms",
            type: "http",
            request_config: { url: service.url, headers: { "Content-Type": type }, body: program(text) },
          },
        ],
      },
      sms,
    );
  await by("text/xml", "function(ctx) '<to>' + ctx.recipient + '</to>'");
  assert.equal(service.received.at(-1)!.body, `<to>${sms.recipient}</to>`);
  await by("application/json; charset=utf-8", "function(ctx) 'x'");
  assert.equal(service.received.at(-1)!.body, '"x"');
  assert.match((await by("text/xml", "function(ctx) {}")).error!, /what is no text/);
  assert.match(
    (await by("application/x-www-form-urlencoded", "function(ctx) { to: { number: 1 } }")).error!,
    /values that are no strings/,
  );
});

test("a secret in a header or a cookie", async (t) => {
  const service = await startService(t);
  for (const place of ["header", "cookie"]) {
    const auth = { type: "api_key", config: { name: "X-Key", value: "geheim", in: place } };
    await send(t, { delivery_strategy: "http", http: { request_config: { url: service.url, auth } } });
  }
  assert.deepEqual(
    service.received.map(({ headers }) => [headers["x-key"], headers.cookie]),
    [
      ["geheim", undefined],
      [undefined, "X-Key=geheim"],
    ],
  );
});

test("text messages take the channel sms, and mail does not", async (t) => {
  const service = await startService(t);
  const { message } = await send(
    t,
    { channels: [{ id: "sms", type: "http", request_config: { url: service.url } }] },
    sms,
  );
  assert.equal(message.status, "sent");
  assert.match(JSON.parse(service.received[0]!.body).body, /\n\n@id\.example\.org #123456\n$/);
});

test("without a way out a message is given up, and says why", async (t) => {
  const { message, error } = await send(t, { inbox: false }, sms);
  assert.equal(message.status, "abandoned");
  assert.match(error!, /no channel sms/);
  assert.match((await send(t, { inbox: false })).error!, /connection_uri/);
});

test("answers other than 2xx, redirects among them, and endless ones are failures", async (t) => {
  for (const [status, expected] of [
    [500, /answered 500/],
    [302, /answered 302/],
    [400, /answered 400/],
    ["endless", /longer than/],
  ] as const) {
    const service = await startService(t, status);
    const { error, message } = await send(t, {
      delivery_strategy: "http",
      http: { request_config: { url: service.url } },
    });
    assert.match(error!, expected);
    assert.equal(message.status, "queued");
  }
});

test("private addresses can be kept out of reach, but for exceptions", async (t) => {
  const service = await startService(t);
  const courier = { delivery_strategy: "http", http: { request_config: { url: `${service.url}/send` } } };
  const http = { disallow_private_ip_ranges: true };
  assert.match((await send(t, courier, undefined, { clients: { http } })).error!, /private address/);
  const byName = {
    delivery_strategy: "http",
    http: { request_config: { url: `${service.url.replace("127.0.0.1", "localhost")}/send` } },
  };
  assert.match((await send(t, byName, undefined, { clients: { http } })).error!, /private address/);
  const exceptions = { ...http, private_ip_exception_urls: [`${service.url}/*`] };
  assert.equal((await send(t, courier, undefined, { clients: { http: exceptions } })).error, undefined);
});
