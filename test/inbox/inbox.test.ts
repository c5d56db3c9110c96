import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { enqueue } from "../../src/courier/enqueue.ts";
import { courierContext } from "../support/courier-context.ts";
import { codeMail, until } from "../support/courier.ts";
import { configOf } from "../support/config.ts";
import { mailTo } from "../support/mailbox.ts";
import { signedIn } from "../support/person.ts";
import { onEachDatabase } from "../support/servers.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const page = { accept: "text/html" };

async function post({ app }: TestServer, ...recipients: string[]): Promise<void> {
  const ctx = courierContext(app.db, configOf({ dsn: "memory" }));
  for (const recipient of recipients) await ctx.tx((tx) => enqueue(tx, codeMail(recipient)));
}

onEachDatabase(
  "without a mail server messages count as sent, and are read in the inbox",
  async (server) => {
    assert.match((await server.public("GET", "/ui/inbox", page)).body, /Nothing has been sent yet/);
    await post(server, "ada@example.org", "bob@example.org");
    const { status, body, headers } = await server.public("GET", "/ui/inbox", page);
    assert.equal(status, 200);
    assert.ok(body.indexOf("bob@example.org") < body.indexOf("ada@example.org"), "the newest comes first");
    assert.match(body, /<code[^>]*>123456<\/code>/);
    assert.match(headers.get("content-security-policy")!, /^default-src 'none'; script-src 'self'/);
    // Without JavaScript the page looks again by itself.
    assert.match(body, /<noscript><meta http-equiv="refresh"/);
    const [, link] = /href="(inbox\/messages\/[^"]+)"/.exec(body)!;
    const path = `/ui/${link}`;
    const message = await server.public("GET", path, page);
    const [, frame] = /<iframe sandbox="allow-popups [^"]*" src="([^"]+)"/.exec(message.body)!;
    assert.equal(new URL(frame!, new URL(path, server.publicUrl)).pathname, `${path}/html`);
    assert.match(message.headers.get("content-security-policy")!, /frame-src 'self'/);
    assert.match(message.body, /<pre>[\s\S]*123456/);
    const mail = await server.public("GET", `${path}/html`, page);
    assert.match(mail.headers.get("content-security-policy")!, /^sandbox [^;]*; default-src 'none'/);
    assert.doesNotMatch(mail.headers.get("content-security-policy")!, /allow-(scripts|same-origin)/);
    const sent = async () => (await server.admin("GET", "/admin/courier/messages?status=sent")).body.length;
    await until(async () => (await sent()) === 2);
  },
  { config: { "watch-courier": true, courier: { worker: { pull_wait: "50ms" } } } },
);

test("what a person has typed is text in the inbox, never markup", async (t) => {
  const server = await startServer(t);
  await server.createPerson({ email: "ada@example.org", password: "correct horse battery" });
  const ctx = courierContext(server.app.db, configOf({ dsn: "memory" }));
  const recipient = `"<script>alert(1)</script>"@example.org`;
  await ctx.tx((tx) =>
    enqueue(tx, {
      channel: "email",
      templateType: "stub",
      recipient,
      data: {
        subject: "<b>x</b>",
        body: 'see https://example.org/?a="><b> and javascript:alert(1)',
        html_body: "<script>1</script>",
      },
    }),
  );
  const { body: list } = await server.public("GET", "/ui/inbox", page);
  assert.match(list, /&#60;script&#62;alert\(1\)/);
  assert.doesNotMatch(list, /<script>alert|<b>x/);
  const { id } = await mailTo(server, recipient);
  const { body } = await server.public("GET", `/ui/inbox/messages/${id}`, page);
  assert.match(body, /<a href="https:\/\/example\.org\/\?a=" rel="noreferrer">/);
  assert.doesNotMatch(body, /href="javascript:|<b> and/);
});

test("the link of whatever is sent is found: of an invitation, and of a deletion that can be called off", async (t) => {
  const server = await startServer(t, { config: { selfservice: { deletion: { enabled: true } } } });
  await server.admin("POST", "/admin/invitations", { json: { recipient: { address: "guest@example.org" } } });
  const { headers } = await signedIn(server, "ada@example.org");
  await server.native.send("PUT", "/account/deletion", { headers });
  const linkTo = async (recipient: string) =>
    (await server.admin("GET", `/admin/inbox/messages?recipient=${recipient}`)).body.messages[0].link;
  assert.match(await linkTo("guest@example.org"), /^http/);
  assert.match(await linkTo("ada@example.org"), /\/self-service\/settings\/browser$/);
});

test("outside development there is no inbox, unless the configuration asks for one", async (t) => {
  const hidden = await startServer(t, { config: { dev: false } });
  await post(hidden, "ada@example.org");
  for (const path of ["/ui/inbox", "/ui/inbox/", "/ui/inbox/events", "/ui/inbox/messages"])
    assert.equal((await hidden.public("GET", path)).status, 404, path);
  assert.equal((await hidden.admin("GET", "/admin/inbox/messages")).status, 404);
  assert.equal((await hidden.admin("GET", "/admin/inbox/wait?timeout_seconds=1")).status, 404);
  const open = await startServer(t, { config: { dev: false, courier: { inbox: true } } });
  assert.equal((await open.public("GET", "/ui/inbox", page)).status, 200);
  const off = await startServer(t, { config: { courier: { inbox: false } } });
  assert.equal((await off.public("GET", "/ui/inbox", page)).status, 404);
});

test("the inbox looks and speaks like the pages, also where these are switched off", async (t) => {
  const pages = { enabled: false, name: "Acme", colors: { light: { accent: "#0b6b3a" } } };
  const server = await startServer(t, { config: { selfservice: { pages } } });
  await post(server, "ada@example.org");
  for (const path of ["/ui/inbox?lang=ar", "/ui/inbox/?lang=ar"]) {
    const { body } = await server.public("GET", path, page);
    assert.match(body, /<html lang="ar" dir="rtl">[\s\S]*<title>صندوق الوارد · Acme/);
    const files = [...body.matchAll(/(?:src|href)="([^"]*assets\/[^"]+\.(?:css|js))"/g)].map(([, file]) => file!);
    assert.ok(files.some((file) => /\/theme-/.test(file)) && files.some((file) => /\/inbox-.*js$/.test(file)));
    for (const file of files) {
      const url = new URL(file, new URL(path, server.publicUrl));
      assert.equal((await server.public("GET", url.pathname)).status, 200, url.pathname);
    }
  }
  assert.equal((await server.public("GET", "/ui/login", page)).status, 404);
});

test("what is no message is not found, and nothing is written by the inbox", async (t) => {
  const server = await startServer(t);
  for (const path of ["/messages/x", "/messages/6f8c2f0e-0000-4000-8000-000000000000", "/messages", "/other.js"])
    assert.equal((await server.public("GET", `/ui/inbox${path}`, page)).status, 404, path);
  assert.equal((await server.public("POST", "/ui/inbox", { form: {} })).status, 405);
  // A stranger's name that leads here lets no page of theirs in.
  assert.equal((await server.public("GET", "/ui/inbox", { headers: { host: "evil.example" } })).status, 421);
  assert.equal((await server.public("GET", "/ui/inbox", { headers: { host: "id.example.org" } })).status, 200);
});

onEachDatabase("tests wait for messages, by recipient, template and cursor", async (server) => {
  await post(server, "ada@example.org");
  const { body: list } = await server.admin("GET", "/admin/inbox/messages?recipient=ada@example.org");
  assert.equal(list.messages.length, 1);
  assert.equal(list.messages[0].code, "123456");
  assert.match(list.messages[0].html, /123456/);
  const there = await server.admin("GET", "/admin/inbox/wait?recipient=ada@example.org");
  assert.equal(there.body.id, list.messages[0].id);
  const waiting = server.admin("GET", `/admin/inbox/wait?recipient=ada@example.org&after=${list.cursor}`);
  await post(server, "bob@example.org", "ada@example.org");
  const { body: next } = await waiting;
  assert.equal(next.recipient, "ada@example.org");
  assert.ok(next.id > list.cursor);
  const late = await server.admin("GET", `/admin/inbox/wait?template_type=recovery_valid&timeout_seconds=1`);
  assert.equal(late.status, 504);
  assert.equal(late.body.error.reason, "No such message came within 1 seconds.");
  for (const wrong of ["after=x", "timeout_seconds=26"])
    assert.equal((await server.admin("GET", `/admin/inbox/wait?${wrong}`)).status, 400, wrong);
});

test("open pages hear of new messages, and keep no server from going", async (t) => {
  const server = await startServer(t);
  await post(server, "ada@example.org");
  const heard: string[] = [];
  const ended = Promise.withResolvers<void>();
  const req = request(new URL("/ui/inbox/events", server.publicUrl), (res) => {
    assert.equal(res.headers["content-type"], "text/event-stream");
    res.setEncoding("utf8").on("data", (text: string) => heard.push(text));
    res.on("end", ended.resolve);
  }).end();
  t.after(() => req.destroy());
  await until(() => heard.length > 0);
  await post(server, "bob@example.org", "cy@example.org");
  const [bob, cy] = [await mailTo(server, "bob@example.org"), await mailTo(server, "cy@example.org")];
  await until(() => heard.join("").includes(cy.id));
  assert.deepEqual(heard.join("").match(/^data: .*$/gm), [`data: ${bob.id}`, `data: ${cy.id}`]);
  const waiting = server.admin("GET", "/admin/inbox/wait?recipient=nobody@example.org&timeout_seconds=25");
  await until(async () => (await server.admin("GET", "/health/ready")).status === 200);
  await server.app.close();
  await ended.promise;
  assert.equal((await waiting).status, 504);
});
