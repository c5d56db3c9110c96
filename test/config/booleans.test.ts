import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/load.ts";
import { smtpTarget } from "../../src/courier/smtp-target.ts";
import { parseDsn } from "../../src/db/dsn.ts";
import type { ServerDsn } from "../../src/db/dsn.ts";
import { runIn } from "../support/command-line.ts";
import { signedIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import { least, readBad, readGood, write } from "./written.ts";

const spellings = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((word) => [word, false] as const),
]);

test("variables of the environment say yes and no in Go's spellings, and in no others", (t) => {
  const files = write(t, least);
  for (const [word, truth] of spellings) {
    const { selfservice, cookies, session } = readGood(files, {
      SELFSERVICE_METHODS_LOOKUP_SECRET_ENABLED: word,
      COOKIES_SECURE: word,
    });
    assert.deepEqual(
      [selfservice.methods.lookup_secret.enabled, cookies.secure, session.cookie.secure],
      [truth, String(truth), String(truth)],
      word,
    );
  }
  for (const word of ["yes", "tRUE", "on", "2", " true"]) {
    assert.equal(readBad(files, { SELFSERVICE_METHODS_LOOKUP_SECRET_ENABLED: word }).length, 1, word);
    assert.equal(readBad(files, { COOKIES_SECURE: word }).length, 1, word);
  }
});

test("a rule that asks whether cookies are secure knows the spellings too", (t) => {
  const named = (secure: string) =>
    write(t, `${least}session: { cookie: { name: __Secure-people, secure: "${secure}" } }\n`);
  for (const [word, truth] of spellings)
    if (truth) readGood(named(word));
    else assert.match(readBad(named(word)).join(), /__Secure-/, word);
});

test("switches of developers know the spellings", (t) => {
  const files = write(t, least);
  for (const [word, truth] of spellings) {
    const reading = readConfig({
      files,
      environment: { DEV_DISABLE_API_FLOW_ENFORCEMENT: word },
      flags: { dev: true },
      spareSecret: "unused-spare-secret",
    });
    assert.equal(reading.kind === "read" && reading.config.native_flows_from_browsers, truth, word);
  }
});

test("so do the parameters of addresses", () => {
  for (const [word, truth] of spellings) {
    const mail = (query: string) => smtpTarget({ connection_uri: `smtp://mail.example/?${query}` } as never);
    const { ignoreTLS, secure } = mail(`disable_starttls=${word}`);
    assert.deepEqual(
      [ignoreTLS, secure, mail(`skip_ssl_verify=${word}`).tls.rejectUnauthorized, mail(`legacy_ssl=${word}`).secure],
      [truth, false, !truth, truth],
      word,
    );
    assert.deepEqual(
      (parseDsn(`mysql://a@h/d?tls=${word}`) as ServerDsn).tls,
      truth ? { rejectUnauthorized: true } : "off",
      word,
    );
  }
});

test("so do flags of the command line", async (t) => {
  const [file] = write(
    t,
    least.replace(/secrets:[^]*/, "").replace("dsn: memory", "dsn: sqlite:///nowhere/at/all.sqlite"),
  );
  for (const [word, truth] of spellings) {
    const { code, err } = await runIn({ LOG_LEVEL: "panic" }, "serve", `--dev=${word}`, "-c", file!);
    assert.equal(code, 1);
    assert.equal(/secrets\.cookie: is required outside development mode/.test(err), !truth, word);
  }
  assert.match((await runIn({}, "serve", "--dev=maybe", "-c", file!)).err, /--dev/);
});

test("so do queries", async (t) => {
  const server = await startServer(t);
  const { headers } = await signedIn(server);
  for (const [word, truth] of spellings) {
    const { status, body } = await server.native.get(`/self-service/login/api?refresh=${word}`, { headers });
    assert.deepEqual(
      truth ? [status, body.refresh] : [status, body.error.id],
      truth ? [200, true] : [400, "session_already_available"],
      word,
    );
    const { body: begun } = await server.native.get(
      `/self-service/registration/api?return_session_token_exchange_code=${word}&return_to=http://app.example.org/`,
    );
    assert.equal(begun.session_token_exchange_code !== undefined, truth, word);
    const { body: sessions } = await server.admin("GET", `/admin/sessions?active=${word}`);
    assert.equal(sessions.length, truth ? 1 : 0, word);
  }
  assert.equal((await server.admin("GET", "/admin/sessions?active=maybe")).status, 400);
});
