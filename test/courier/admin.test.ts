import assert from "node:assert/strict";
import { test } from "node:test";
import { enqueue } from "../../src/courier/enqueue.ts";
import { configOf } from "../support/config.ts";
import { courierContext } from "../support/courier-context.ts";
import { codeMail, until } from "../support/courier.ts";
import { startMailServer } from "../support/mail-server.ts";
import { codeIn, mailTo } from "../support/mailbox.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

async function fill({ app }: TestServer, ...recipients: string[]): Promise<void> {
  const ctx = courierContext(app.db, configOf({ dsn: "memory" }));
  for (const recipient of recipients) await enqueue(ctx, codeMail(recipient));
}

onEachDatabase("messages are listed by pages, the newest first, and filtered", async (server) => {
  await fill(server, "a@example.org", "b@example.org", "a@example.org");
  const { adminClient } = server;
  const all = await adminClient.get("/admin/courier/messages");
  assert.deepEqual(
    all.body.map((one: { recipient: string }) => one.recipient),
    ["a@example.org", "b@example.org", "a@example.org"],
  );
  assert.ok(all.body[0].id > all.body[2].id);
  assert.deepEqual(Object.keys(all.body[0]).toSorted(), [
    "body",
    "channel",
    "created_at",
    "id",
    "recipient",
    "send_count",
    "status",
    "subject",
    "template_type",
    "type",
    "updated_at",
  ]);
  const first = await adminClient.get("/admin/courier/messages?page_size=2");
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link")!)![1]!;
  assert.deepEqual(
    (await adminClient.get(next)).body.map((one: { id: string }) => one.id),
    [all.body[2].id],
  );
  assert.equal((await adminClient.get("/admin/courier/messages?recipient=b@example.org")).body.length, 1);
  assert.equal((await adminClient.get("/admin/courier/messages?status=queued")).body.length, 3);
  assert.deepEqual((await adminClient.get("/admin/courier/messages?status=sent")).body, []);
  for (const wrong of ["?status=lost", "?page_token=abc", "/nonsense"])
    assert.equal((await adminClient.get(`/admin/courier/messages${wrong}`)).status, 400, wrong);
  assert.equal((await adminClient.get("/admin/courier/messages/6f8c2f0e-0000-4000-8000-000000000000")).status, 404);
});

onEachDatabase("pages of a filtered list hold to the filter", async (server) => {
  const [anna, bob] = ["a@example.org", "b@example.org"];
  await fill(server, anna, bob, anna, bob, anna, bob, anna);
  const seen: string[] = [];
  let pages = 0;
  for (
    let next: string | undefined = `/admin/courier/messages?page_size=2&recipient=${anna}&status=queued`;
    next;
    pages++
  ) {
    const { body, headers } = await server.adminClient.get(next);
    seen.push(...body.map((one: { id: string; recipient: string }) => `${one.recipient} ${one.id}`));
    next = /<([^>]+)>; rel="next"/.exec(headers.get("link")!)?.[1];
  }
  assert.equal(pages, 2);
  assert.equal(new Set(seen).size, 4);
  assert.ok(seen.every((one) => one.startsWith(anna)));
});

test("a server that watches the courier sends, and shows the attempts", async (t) => {
  const mails = await startMailServer(t);
  const courier = { smtp: { connection_uri: `smtp://127.0.0.1:${mails.port}/?disable_starttls=true` } };
  const server = await startServer(t, { config: { "watch-courier": true, courier } });
  await fill(server, "anna@example.org");
  const mail = await mailTo(server, "anna@example.org", { type: "login_code_valid" });
  assert.equal(codeIn(mail), "123456");
  const get = async () => (await server.adminClient.get(`/admin/courier/messages/${mail.id}`)).body;
  await until(async () => (await get()).status === "sent");
  const message = await get();
  assert.equal(message.subject, "123456 is your sign-in code");
  assert.equal(message.send_count, 1);
  const [{ id, created_at, updated_at, ...dispatch }] = message.dispatches;
  assert.deepEqual(dispatch, { message_id: mail.id, status: "success", error: null });
  assert.ok(id && created_at && updated_at);
  assert.equal(mails.count(), 1);
  assert.match(
    (await server.adminClient.get("/metrics/prometheus")).body,
    /ostiary_courier_attempts_total\{channel="email",fate="sent"\} 1/,
  );
});

test("outside development nobody is shown the words", async (t) => {
  const server = await startServer(t, { config: { dev: false } });
  await fill(server, "anna@example.org");
  const [{ body, subject, id }] = (await server.adminClient.get("/admin/courier/messages")).body;
  assert.deepEqual([body, subject], ["<redacted-unless-dev-mode>", "<redacted-unless-dev-mode>"]);
  assert.equal((await server.adminClient.get(`/admin/courier/messages/${id}`)).body.body, "<redacted-unless-dev-mode>");
});
