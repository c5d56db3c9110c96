import assert from "node:assert/strict";
import { test } from "node:test";
import { enqueue } from "../../src/courier/enqueue.ts";
import { courierMessages } from "../../src/courier/entities.ts";
import type { Mail } from "../../src/courier/message.ts";
import { renderMail } from "../../src/courier/render.ts";
import { emailTypes, smsTypes } from "../../src/config/template-types.ts";
import { configOf } from "../support/config.ts";
import { courierContext } from "../support/courier-context.ts";
import { silentLog } from "../support/log.ts";
import { eachDatabase } from "../support/databases.ts";
import { countOf, rowsOf } from "../support/rows.ts";

const config = configOf({ dsn: "memory" });
const code: Mail = {
  channel: "email",
  templateType: "login_code_valid",
  recipient: "anna@example.org",
  data: { login_code: "123456", expires_in_minutes: 15, request_url: "https://id.example.org/login?x=1" },
};

eachDatabase("a message is there if and only if its transaction was committed", async (db) => {
  const ctx = courierContext(db, config, {
    "user-agent": "Browser",
    cookie: "secret=1",
    authorization: "Bearer secret",
  });
  await assert.rejects(
    ctx.tx(async (tx) => {
      await enqueue(tx, code);
      throw new Error("not this time");
    }),
  );
  assert.equal(await countOf(db, courierMessages), 0);
  await ctx.tx((tx) => enqueue(tx, code));
  const [message] = await rowsOf(db, courierMessages);
  assert.equal(message!.status, "queued");
  assert.equal(message!.sendCount, 0);
  assert.equal(message!.subject, "123456 is your sign-in code");
  assert.deepEqual(message!.templateData, { to: "anna@example.org", ...code.data });
  assert.deepEqual(message!.requestHeaders, { "User-Agent": "Browser" });
  assert.match(message!.body, /123456/);
  assert.match(message!.htmlBody!, /123456/);
});

eachDatabase("every kind of message can be stored, with letters of every script", async (db) => {
  const ctx = courierContext(db, config);
  const name = "Zoë 👩‍🚀 مرحبا";
  await ctx.tx(async (tx) => {
    for (const templateType of emailTypes)
      await enqueue(tx, {
        channel: "email",
        templateType,
        recipient: "zoë@example.org",
        data: { identity: { traits: { name } }, subject: name, body: name },
      });
    for (const templateType of smsTypes)
      await enqueue(tx, { channel: "sms", templateType, recipient: "+4915112345678", data: {} });
  });
  const messages = await rowsOf(db, courierMessages);
  assert.deepEqual(
    messages.map(({ templateType }) => templateType),
    [...emailTypes, ...smsTypes],
  );
  assert.equal(messages[emailTypes.length - 1]!.subject, name);
  assert.equal(messages[0]!.recipient, "zoë@example.org");
  assert.ok(messages.slice(emailTypes.length).every(({ subject, htmlBody }) => subject === "" && htmlBody === null));
});

eachDatabase("what is no address, and no text message, is refused", async (db) => {
  const ctx = courierContext(db, config);
  for (const recipient of ["", "a@example.org\r\nBcc: b@example.org", "x".repeat(513)])
    await assert.rejects(enqueue(ctx, { ...code, recipient }), /no address/);
  await assert.rejects(enqueue(ctx, { ...code, channel: "sms", templateType: "recovery_valid" }), /no text message/);
});

test("what people say of themselves cannot become HTML", async () => {
  const evil = `"><script>alert('1')</script>`;
  const { html } = await renderMail(
    { config, log: silentLog },
    {
      channel: "email",
      templateType: "verification_code_valid",
      recipient: evil,
      data: { verification_code: evil, verification_url: `javascript:alert(1)//${evil}`, expires_in_minutes: 1 },
    },
  );
  assert.doesNotMatch(html!, /<script|href="javascript/);
});

test("a text message ends with the line that binds its code to the site", async () => {
  const { text } = await renderMail(
    { config, log: silentLog },
    {
      channel: "sms",
      templateType: "login_code_valid",
      recipient: "+49",
      data: { login_code: "123456", request_url_domain: "id.example.org" },
    },
  );
  assert.match(text, /\n\n@id\.example\.org #123456\n$/);
});
