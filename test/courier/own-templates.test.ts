import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { faultsOfTemplates } from "../../src/courier/own-templates.ts";
import type { Mail } from "../../src/courier/message.ts";
import { renderMail } from "../../src/courier/render.ts";
import type { ConfigTree } from "../support/config.ts";
import { courierConfig } from "../support/courier.ts";
import { collectingLog, silentLog } from "../support/log.ts";

const encoded = (text: string) => `base64://${Buffer.from(text).toString("base64")}`;
const source = (courier: ConfigTree, more: ConfigTree = {}) => ({
  config: courierConfig(courier, more),
  log: silentLog,
});

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-test-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const identity = { id: "1", traits: { name: { first: "Zoë <b>" }, lang: "de" } };
const recovery: Mail = {
  channel: "email",
  templateType: "recovery_code_valid",
  recipient: "anna@example.org",
  data: {
    to: "anna@example.org",
    recovery_code: "123456",
    expires_in_minutes: 15,
    identity,
    transient_payload: { shop: "x" },
    request_url: "https://id.example.org/",
  },
};

test("each part of a message can be the operator's, and the others are built in", async () => {
  const templates = {
    recovery_code: {
      valid: {
        email: {
          subject: encoded("{{ .RecoveryCode }} for {{ .Identity.traits.name.first }}\n"),
          body: {
            html: encoded(
              `{{ if eq .Identity.traits.lang "de" }}<p>Hallo {{ .Identity.traits.name.first }}, {{ .TransientPayload.shop }}</p>{{ end }}`,
            ),
          },
        },
        sms: { body: { plaintext: encoded("{{ .RecoveryCode }} ({{ .ExpiresInMinutes }} min)") } },
      },
    },
  };
  const mail = await renderMail(source({ templates }), recovery);
  assert.equal(mail.subject, "123456 for Zoë <b>\n");
  assert.equal(mail.html, "<p>Hallo Zoë &lt;b&gt;, x</p>");
  assert.match(mail.text, /Enter this code/);
  assert.equal((await renderMail(source({ templates }), { ...recovery, channel: "sms" })).text, "123456 (15 min)");
});

test("a folder of templates is looked through, and what the configuration names goes before it", async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, "recovery_code/valid"), { recursive: true });
  writeFileSync(join(folder, "recovery_code/valid/email.body.plaintext.gotmpl"), "from the folder {{ .RecoveryCode }}");
  writeFileSync(join(folder, "recovery_code/valid/email.subject.gotmpl"), "from the folder");
  const templates = { recovery_code: { valid: { email: { subject: encoded("from the key") } } } };
  const mail = await renderMail(source({ templates, template_override_path: folder }), recovery);
  assert.deepEqual([mail.subject, mail.text], ["from the key", "from the folder 123456"]);
});

test("a template in a folder uses those beside it whose names begin alike, as it does in Kratos", async (t) => {
  const folder = folderOf(t);
  const write = (name: string, text: string) => writeFileSync(join(folder, "recovery_code/valid", name), text);
  mkdirSync(join(folder, "recovery_code/valid"), { recursive: true });
  write(
    "email.body.gotmpl",
    `{{- if eq .Identity.traits.lang "de" -}}{{ template "email.body.de.gotmpl" . }}{{- end -}}{{ template "greeting" .To }}`,
  );
  write("email.body.de.gotmpl", "<p>{{ .Identity.traits.name.first }}</p>");
  write("email.body.parts.gotmpl", `{{ define "greeting" }}<i>{{ . }}</i>{{ end }}`);
  const here = source({ template_override_path: folder });
  assert.equal((await renderMail(here, recovery)).html, "<p>Zoë &lt;b&gt;</p><i>anna@example.org</i>");
  write("email.body.de.gotmpl", "<p>changed</p>");
  assert.equal((await renderMail(here, recovery)).html, "<p>changed</p><i>anna@example.org</i>");
  write("email.body.parts.gotmpl", "{{ nope }}");
  assert.match((await faultsOfTemplates(here)).join(), /^$/);
  assert.equal((await renderMail(here, recovery)).html, "<p>changed</p><i>anna@example.org</i>");
});

test("a changed file is read again; a broken one is told, and the last good one stays", async (t) => {
  const file = join(folderOf(t), "subject.gotmpl");
  const here = source({ templates: { recovery_code: { valid: { email: { subject: `file://${file}` } } } } });
  const write = (text: string, seconds: number) => {
    writeFileSync(file, text);
    utimesSync(file, seconds, seconds);
  };
  write("one", 1);
  assert.equal((await renderMail(here, recovery)).subject, "one");
  write("two", 2);
  assert.equal((await renderMail(here, recovery)).subject, "two");
  write("{{ nope }}", 3);
  assert.equal((await renderMail(here, recovery)).subject, "two");
  rmSync(file);
  assert.equal((await renderMail(here, recovery)).subject, "two");
});

test("a template that was never good is an error with its place at the start; when it is needed, the built-in text takes its place", async (t) => {
  const templates = {
    recovery_code: {
      valid: { email: { subject: encoded("{{ nope }}"), body: { plaintext: `file://${folderOf(t)}/missing` } } },
    },
  };
  const { log, events } = collectingLog();
  const here = { ...source({ templates }), log };
  const faults = await faultsOfTemplates(here);
  assert.match(
    faults.join("\n"),
    /courier\.templates\.recovery_code\.valid\.email\.subject cannot be used: line 1: there is no function nope/,
  );
  assert.match(faults.join("\n"), /courier\.templates\.recovery_code\.valid\.email\.body\.plaintext cannot be read/);
  // Whether somebody is written to must not show in whether the answer is an error.
  const builtIn = await renderMail(source({}), recovery);
  assert.deepEqual(await renderMail(here, recovery), builtIn);
  assert.match(events.join("\n"), /no function nope[^]*cannot be read/);
});

test("a template that fails with what it is given is told, and the built-in text goes out in its place", async () => {
  const { log, events } = collectingLog();
  const templates = {
    recovery_code: {
      valid: {
        email: {
          subject: encoded('{{ fail (print "not for " .To " " .RecoveryCode) }}'),
          body: { plaintext: encoded("{{ .To }}") },
        },
      },
    },
  };
  const mail = await renderMail({ ...source({ templates }), log }, recovery);
  assert.deepEqual([mail.subject, mail.text], ["123456 is your recovery code", "anna@example.org"]);
  assert.equal(events.length, 1);
  assert.match(events[0]!, /courier\.templates\.recovery_code\.valid\.email\.subject.*not for … …/);
});

test("templates come from the web, unless it is a private address that is out of bounds", async (t) => {
  const server = createServer((_, res) => res.end("web {{ .RecoveryCode }}")).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const subject = `http://127.0.0.1:${(server.address() as AddressInfo).port}/subject`;
  const templates = { recovery_code: { valid: { email: { subject } } } };
  const { log, events } = collectingLog();
  const guarded = source({ templates }, { clients: { http: { disallow_private_ip_ranges: true } } });
  assert.equal((await renderMail({ ...guarded, log }, recovery)).subject, "123456 is your recovery code");
  assert.match(events.join(), /private address/);
  assert.equal((await renderMail(source({ templates }), recovery)).subject, "web 123456");
});

test("every kind of message offers its fields and no others", async () => {
  const templates = { login_code: { valid: { email: { subject: encoded("{{ .RecoveryCode }}") } } } };
  const mail: Mail = { ...recovery, templateType: "login_code_valid" };
  const { log, events } = collectingLog();
  await renderMail({ ...source({ templates }), log }, mail);
  assert.match(events.join(), /no field \.RecoveryCode; there are: .*\.LoginCode/);
  const changed = {
    verifiable_address_changed: { email: { subject: encoded('{{ .ChangedAt.Format "2006" }} {{ .Identity.id }}') } },
  };
  const news: Mail = {
    ...recovery,
    templateType: "verifiable_address_changed",
    data: { identity, changed_at: "2024-05-06T07:08:09Z" },
  };
  assert.equal((await renderMail(source({ templates: changed }), news)).subject, "2024 1");
});
