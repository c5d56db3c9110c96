import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, after, test } from "node:test";
import type { TestContext } from "node:test";
import type { ConfigTree } from "../support/config.ts";
import { codeMail, courierConfig, mailConfig, openOutbox, outbox, post, until } from "../support/courier.ts";
import { countOf, rowsOf } from "../support/rows.ts";
import { refusal, startMailServer } from "../support/mail-server.ts";
import { courierDispatches } from "../../src/courier/entities.ts";
import type { Database } from "../../src/db/connection.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "ostiary-test-"));
  for (const name of ["server", "client"]) {
    const files = ["-keyout", join(folder, `${name}.key`), "-out", join(folder, `${name}.pem`)];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", `/CN=${name}.example.org`, ...files],
      { stdio: "ignore" },
    );
  }
});
after(() => rmSync(folder, { recursive: true }));
const pem = (name: string) => readFileSync(join(folder, name));

/** Sends one mail and answers with the error of the first attempt, if it failed. */
async function send(
  t: TestContext,
  smtp: ConfigTree,
  more: ConfigTree = {},
): Promise<{ db: Database; error: string | undefined }> {
  const { db, work } = await openOutbox(t);
  const config = courierConfig(
    { worker: { pull_wait: "50ms" }, smtp: { from_address: "no-reply@example.org", ...smtp } },
    more,
  );
  work(config);
  await post(db, config, codeMail("anna@example.org"));
  await until(async () => (await countOf(db, courierDispatches)) > 0, 15_000);
  const [dispatch] = await rowsOf(db, courierDispatches);
  return { db, error: dispatch!.error?.message };
}

test("a mail has the operator's sender and headers, one recipient, and a name of its own", async (t) => {
  const server = await startMailServer(t);
  const { db } = await send(t, {
    connection_uri: `smtp://127.0.0.1:${server.port}/?disable_starttls=true`,
    from_name: "Ostiary, Test",
    headers: { "X-Campaign": "sign-in" },
    local_name: "mail.example.org",
  });
  const [{ mail, from, to, session, raw }] = server.received as [(typeof server.received)[0]];
  const [message] = await outbox(db);
  assert.equal(message!.status, "sent");
  assert.equal(message!.sendCount, 1);
  assert.deepEqual(
    [from, to, session.hostNameAppearsAs],
    ["no-reply@example.org", ["anna@example.org"], "mail.example.org"],
  );
  assert.deepEqual(mail.from!.value, [{ name: "Ostiary, Test", address: "no-reply@example.org" }]);
  assert.equal(mail.messageId, `<${message!.id}@example.org>`);
  assert.equal(mail.headers.get("x-campaign"), "sign-in");
  assert.equal(mail.headers.get("auto-submitted"), "auto-generated");
  assert.match(raw, /^Content-Type: multipart\/alternative/m);
  assert.match(mail.text!, /123456/);
  assert.match(mail.html as string, /123456/);
  assert.equal(mail.subject, "123456 is your sign-in code");
});

test("STARTTLS is a must unless it is switched off", async (t) => {
  const server = await startMailServer(t);
  const { error } = await send(t, { connection_uri: `smtp://127.0.0.1:${server.port}/` });
  assert.match(error!, /STARTTLS|TLS/i);
  assert.equal(server.count(), 0);
});

test("an empty password is one as well, by each way to sign in", async (t) => {
  for (const method of ["PLAIN", "LOGIN"]) {
    const seen: unknown[] = [];
    const server = await startMailServer(t, {
      authMethods: [method],
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        seen.push([username, password]);
        done(username === "me" ? null : new Error("no"), { user: username });
      },
    });
    const uri = (user: string) => `smtp://${user}:@127.0.0.1:${server.port}/?disable_starttls=true`;
    assert.equal((await send(t, { connection_uri: uri("me") })).error, undefined);
    assert.deepEqual([seen, server.count()], [[["me", ""]], 1], method);
    assert.match((await send(t, { connection_uri: uri("you") })).error!, /Invalid login: 535/);
  }
});

test("STARTTLS, with a password", async (t) => {
  const seen: unknown[] = [];
  const server = await startMailServer(t, {
    disabledCommands: [],
    key: pem("server.key"),
    cert: pem("server.pem"),
    onAuth: ({ username, password }, _session, done) => {
      seen.push([username, password]);
      done(null, { user: username });
    },
  });
  const uri = `smtp://po%40st:s%2Fecret@127.0.0.1:${server.port}/`;
  assert.match((await send(t, { connection_uri: uri })).error!, /self-signed/);
  const { error } = await send(t, { connection_uri: `${uri}?skip_ssl_verify=true` });
  assert.equal(error, undefined);
  assert.equal(server.received[0]!.session.secure, true);
  assert.deepEqual(seen, [["po@st", "s/ecret"]]);
});

test("TLS from the first byte, with a client certificate", async (t) => {
  const server = await startMailServer(t, {
    secure: true,
    key: pem("server.key"),
    cert: pem("server.pem"),
    requestCert: true,
    rejectUnauthorized: false,
    onSecure: (socket, _session, done) =>
      done(
        (socket as unknown as { getPeerCertificate(): { subject?: { CN?: string } } }).getPeerCertificate().subject
          ?.CN === "client.example.org"
          ? null
          : new Error("who are you"),
      ),
  });
  const uri = `smtps://127.0.0.1:${server.port}/?skip_ssl_verify=true`;
  const { error } = await send(t, {
    connection_uri: uri,
    client_cert_path: join(folder, "client.pem"),
    client_key_path: join(folder, "client.key"),
  });
  assert.equal(error, undefined);
  assert.equal(server.count(), 1);
});

test("a mail that is refused for good is given up at once, a refused sign-in and a busy server are not", async (t) => {
  const server = await startMailServer(t, {
    refuse: (to) =>
      to.startsWith("no")
        ? refusal(550, `<${to}> is unknown`)
        : to.startsWith("busy")
          ? refusal(451, "later")
          : undefined,
  });
  const { db, work } = await openOutbox(t);
  const config = mailConfig(server.port);
  work(config);
  await post(db, config, codeMail("no@example.org"), codeMail("busy@example.org"), codeMail("yes@example.org"));
  await until(async () =>
    (await outbox(db)).every(({ sendCount, status }) => sendCount === 1 && status !== "processing"),
  );
  assert.deepEqual(
    (await outbox(db)).map(({ status }) => status),
    ["abandoned", "queued", "sent"],
  );
  const locked = await startMailServer(t, {
    authOptional: false,
    onAuth: (_auth, _session, done) => done(new Error("wrong")),
    allowInsecureAuth: true,
  });
  const refused = await send(t, { connection_uri: `smtp://u:p@127.0.0.1:${locked.port}/?disable_starttls=true` });
  assert.match(refused.error!, /login|auth/i);
  assert.equal((await outbox(refused.db))[0]!.status, "queued");
});

test("private addresses can be kept out of reach", async (t) => {
  const server = await startMailServer(t);
  for (const host of ["127.0.0.1", "localhost"]) {
    const { error } = await send(
      t,
      { connection_uri: `smtp://${host}:${server.port}/?disable_starttls=true` },
      { clients: { smtp: { disallow_private_ip_ranges: true } } },
    );
    assert.match(error!, /private address/);
  }
});

test("a mail server that says nothing holds up nobody's request", async (t) => {
  const dumb = createServer().listen(0, "127.0.0.1");
  t.after(() => dumb.close());
  await until(() => dumb.listening);
  const { port } = dumb.address() as AddressInfo;
  const { db, work } = await openOutbox(t);
  const config = mailConfig(port);
  const start = performance.now();
  for (let n = 0; n < 50; n++) await post(db, config, codeMail(`p${n}@example.org`));
  const quiet = performance.now() - start;
  dumb.on("connection", (socket) => t.after(() => socket.destroy()));
  work(config);
  await until(async () => (await outbox(db)).some(({ status }) => status === "processing"));
  const busy = performance.now();
  for (let n = 0; n < 50; n++) await post(db, config, codeMail(`q${n}@example.org`));
  assert.ok(
    performance.now() - busy < quiet * 5 + 200,
    "putting a message into the outbox does not wait for the mail server",
  );
});
