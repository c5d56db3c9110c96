import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { localeOf } from "../../src/courier/locale.ts";
import type { TemplateData } from "../../src/courier/message.ts";
import { faultsOfTemplates } from "../../src/courier/own-templates.ts";
import type { ConfigTree } from "../support/config.ts";
import { courierConfig } from "../support/courier.ts";
import { silentLog } from "../support/log.ts";
import { mailTo, mailsTo } from "../support/mailbox.ts";
import { startServer } from "../support/server.ts";

/** A folder with a subject for everybody and one for readers of German, and a text message in German alone. */
function templatesOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const half of ["valid", "invalid"]) mkdirSync(join(folder, "recovery_code", half), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, "recovery_code", name), text);
  write("valid/email.subject.gotmpl", "code ({{ .Locale }})");
  write("valid/email.subject.de.gotmpl", "Kode ({{ .Locale }})");
  write("valid/email.body.gotmpl", `<html lang="{{ .Locale }}">{{ template "sign" . }}</html>`);
  write("valid/email.body.de.gotmpl", `<html lang="{{ .Locale }}">Hallo {{ template "sign" . }}</html>`);
  write("valid/email.body.parts.gotmpl", `{{ define "sign" }}<i>{{ .To }}</i>{{ end }}`);
  write("invalid/email.subject.de.gotmpl", "Niemand ({{ .Locale }})");
  return folder;
}

const configuration = (folder: string, locale: ConfigTree): ConfigTree => ({
  courier: {
    smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" },
    template_override_path: folder,
    locale,
    limits: { per_address: { messages: 0 } },
  },
  selfservice: {
    methods: { code: { enabled: true } },
    flows: { recovery: { enabled: true, notify_unknown_recipients: true, ui_url: "http://app.example.org/recovery" } },
  },
});

async function asking(t: TestContext, locale: ConfigTree, metadata_public?: object) {
  const server = await startServer(t, { config: configuration(templatesOf(t), locale) });
  const { id } = await server.createPerson({ email: "ada@example.org", password: "correct horse battery" });
  if (metadata_public)
    await server.adminClient.send("PATCH", `/admin/identities/${id}`, {
      json: [{ op: "add", path: "/metadata_public", value: metadata_public }],
    });
  return async (email: string, accept: string, payload?: object) => {
    const before = (await mailsTo(server, email)).at(-1);
    const { body: flow } = await server.native.get("/self-service/recovery/api");
    const headers = { "accept-language": accept };
    await server.native.post(
      flow.ui.action,
      { method: "code", email, ...(payload && { transient_payload: payload }) },
      { headers },
    );
    return mailTo(server, email, { after: before });
  };
}

test("a message is in the language of the request, by the file of that language", async (t) => {
  const ask = await asking(t, { languages: ["de", "fr"] });
  const german = await ask("ada@example.org", "it;q=0.9, de-AT;q=0.8, en;q=0.1");
  assert.equal(german.subject, "Kode (de)");
  assert.equal(german.htmlBody, '<html lang="de">Hallo <i>ada@example.org</i></html>');
  const french = await ask("ada@example.org", "de;q=0.5, fr");
  assert.deepEqual([french.subject, french.htmlBody], ["code (fr)", '<html lang="fr"><i>ada@example.org</i></html>']);
  assert.equal((await ask("ada@example.org", "de;q=0, it")).subject, "code (en)");
  assert.equal((await ask("ada@example.org", "fr", { locale: "de_CH" })).subject, "Kode (de)");
  assert.equal((await ask("nobody@example.org", "de")).subject, "Niemand (de)");
  assert.equal((await ask("nobody@example.org", "fr")).subject, "No account uses this address");
});

test("an account that says its language is written to in that one, whoever asks", async (t) => {
  const ask = await asking(t, { languages: ["de", "fr"], from: "metadata_public.lang" }, { lang: "de-CH" });
  assert.equal((await ask("ada@example.org", "fr", { locale: "fr" })).subject, "Kode (de)");
});

test("files of a language are read at the start too", async (t) => {
  const folder = templatesOf(t);
  writeFileSync(join(folder, "recovery_code/valid/sms.body.de.gotmpl"), "{{ nope }}");
  const faults = (locale: ConfigTree) =>
    faultsOfTemplates({ config: courierConfig({ template_override_path: folder, locale }), log: silentLog });
  assert.match((await faults({ languages: ["de"] })).join(), /sms\.body\.de\.gotmpl.*no function nope/);
  assert.deepEqual(await faults({}), []);
});

test("languages are matched by their beginnings, and by weight", () => {
  const config = courierConfig({ locale: { languages: ["de", "pt-BR", "pt"], default: "en" } });
  const of = (accept: string, data: TemplateData = {}) =>
    localeOf({ config, call: { headers: new Headers(accept ? { "accept-language": accept } : {}) } as never }, data);
  const asked: readonly (readonly [string, string])[] = [
    ["", "en"],
    ["de-DE-1996", "de"],
    ["PT-br", "pt-BR"],
    ["pt-PT", "pt"],
    ["ja, *;q=0.5, de;q=0.1", "en"],
    ["de;q=0.1, pt;q=0.2", "pt"],
    ["de;q=0", "en"],
    ["de;q=nonsense, pt;q=0.001", "pt"],
    [";;,,=", "en"],
    ["fr, de ; q=0.7", "de"],
    ["en-GB, de", "en"],
  ];
  for (const [accept, expected] of asked) assert.equal(of(accept), expected, accept);
  assert.equal(of("de", { traits: { locale: "pt" } }), "pt");
  assert.equal(of("de", { identity: { traits: { locale: "ja" } } }), "en");
  assert.equal(of("de", { identity: { traits: { locale: 7 } } }), "de");
  assert.equal(of("de", { transient_payload: { locale: "ja" } }), "de");
});
