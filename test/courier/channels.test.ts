import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mail } from "../../src/courier/message.ts";
import type { ConfigTree } from "../support/config.ts";
import {
  codeMail,
  courierConfig,
  eachOutbox,
  mailConfig,
  openOutbox,
  outbox,
  post,
  until,
} from "../support/courier.ts";
import { startMailServer } from "../support/mail-server.ts";
import { startMessageService } from "../support/message-service.ts";

const smtpTo = (port: number, from = "no-reply@example.org") => ({
  connection_uri: `smtp://127.0.0.1:${port}/?disable_starttls=true`,
  from_address: from,
});
const nobody = smtpTo(1);
const recoveryMail: Mail = {
  channel: "email",
  templateType: "recovery_code_valid",
  recipient: "ben@example.org",
  data: { recovery_code: "654321" },
};

const sms = (templateType: "login_code_valid" | "verification_code_valid"): Mail => ({
  channel: "sms",
  templateType,
  recipient: "+4915112345678",
  data: { login_code: "123456", verification_code: "123456", request_url: "https://id.example.org/" },
});

eachOutbox(
  "kinds of messages take channels of their own, each with its mail server and sender",
  async ({ db, t, work }) => {
    const [standard, own] = [await startMailServer(t), await startMailServer(t)];
    const channels = [
      {
        id: "recovery",
        type: "smtp",
        smtp_config: smtpTo(own.port, "help@example.org"),
        message_types: ["recovery_code_valid"],
      },
    ];
    const config = mailConfig(standard.port, { channels });
    work(config);
    await post(db, config, codeMail("anna@example.org"), recoveryMail);
    await until(async () => (await outbox(db)).every(({ status }) => status === "sent"));
    assert.deepEqual(
      standard.received.map(({ from, to }) => [from, ...to]),
      [["no-reply@example.org", "anna@example.org"]],
    );
    assert.deepEqual(
      own.received.map(({ from, to }) => [from, ...to]),
      [["help@example.org", "ben@example.org"]],
    );
    assert.deepEqual(
      (await outbox(db)).map(({ channel, type }) => [channel, type]),
      [
        ["email", "email"],
        ["recovery", "email"],
      ],
    );
  },
);

test("a channel called email takes all mail, one for text messages takes some of them", async (t) => {
  const [mail, texts, codes] = [
    await startMessageService(t),
    await startMessageService(t),
    await startMessageService(t),
  ];
  const { db, work } = await openOutbox(t);
  const config = mailConfig(1, {
    channels: [
      { id: "email", request_config: { url: mail.url } },
      { id: "sms", request_config: { url: texts.url } },
      { id: "codes", carries: "sms", request_config: { url: codes.url }, message_types: ["login_code_valid"] },
    ],
  });
  work(config);
  await post(db, config, codeMail("anna@example.org"), sms("login_code_valid"), sms("verification_code_valid"));
  await until(async () => (await outbox(db)).every(({ status }) => status === "sent"));
  const kinds = [mail, texts, codes].map(({ received }) =>
    received.map(({ body }) => [JSON.parse(body).recipient, JSON.parse(body).template_type]),
  );
  assert.deepEqual(kinds, [
    [["anna@example.org", "login_code_valid"]],
    [["+4915112345678", "verification_code_valid"]],
    [["+4915112345678", "login_code_valid"]],
  ]);
});

eachOutbox("when a channel is down, others take turns with it", async ({ db, t, work }) => {
  const [broken, spare] = [await startMessageService(t, 503), await startMailServer(t)];
  const config = courierConfig({
    worker: { pull_wait: "20ms" },
    smtp: smtpTo(spare.port),
    channels: [
      {
        id: "first",
        request_config: { url: broken.url },
        message_types: ["login_code_valid"],
        fallback: ["second", "email"],
      },
      { id: "second", type: "smtp", smtp_config: nobody },
    ],
  });
  let ahead = 0;
  work(config, () => ahead);
  await post(db, config, codeMail("anna@example.org"));
  await until(async () => {
    const [message] = await outbox(db);
    if (message!.status === "queued" && message!.sendCount > 0) ahead += 1000;
    return message!.status === "sent";
  }, 15_000);
  const [message] = await outbox(db);
  assert.deepEqual([message!.channel, message!.sendCount], ["first", 3]);
  assert.deepEqual([broken.received.length, spare.count()], [1, 1]);
});

test("what waits for a channel that is no more goes the way of all others", async (t) => {
  const server = await startMailServer(t);
  const { db, work } = await openOutbox(t);
  const channels = [{ id: "old", type: "smtp", smtp_config: nobody, message_types: ["login_code_valid"] }];
  await post(db, mailConfig(server.port, { channels }), codeMail("anna@example.org"));
  work(mailConfig(server.port));
  await until(() => server.count() === 1);
});

test("channels that cannot work are refused, with the reason", () => {
  const request_config = { url: "https://sms.example.org/" };
  const faultOf = (...channels: ConfigTree[]): string => {
    try {
      courierConfig({ channels });
      return "none";
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.equal(faultOf({ id: "sms", type: "http", request_config }), "none");
  assert.match(faultOf({ id: "sms" }), /channels\[0\]: needs request_config/);
  assert.match(faultOf({ id: "sms", type: "smtp", smtp_config: nobody }), /cannot carry text messages/);
  assert.match(faultOf({ id: "a", type: "smtp", smtp_config: {} }), /needs smtp_config with connection_uri/);
  assert.match(faultOf({ id: "email", carries: "sms", request_config }), /carries sms/);
  assert.match(faultOf({ id: "a", request_config }), /has no use for a/);
  assert.match(
    faultOf({ id: "sms", request_config, message_types: ["recovery_valid"] }),
    /cannot carry recovery_valid/,
  );
  assert.match(faultOf({ id: "sms", request_config }, { id: "sms", request_config }), /uses the id sms twice/);
  assert.match(faultOf({ id: "sms", request_config, fallback: ["email"] }), /falls back from sms on email/);
  assert.match(
    faultOf({ id: "a", request_config, message_types: ["stub"], fallback: ["email"] }),
    /falls back from a on email/,
  );
  const both = (id: string) => ({ id, request_config, message_types: ["stub"] });
  assert.match(faultOf(both("a"), both("b")), /gives stub to two channels/);
});
