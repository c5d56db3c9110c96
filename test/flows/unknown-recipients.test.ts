import assert from "node:assert/strict";
import { onEachDatabase } from "../support/servers.ts";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import type { TestServer } from "../support/server.ts";
import { recordQueries } from "../support/query-log.ts";

// As long as the other one: it is not the typed address that is to be told apart.
const [email, nobody] = ["ada@example.org", "bob@example.org"];

/** What a server has asked its database: how often by each kind of statement on each table, and how many characters that took. */
interface Asked {
  readonly statements: Record<string, number>;
  readonly characters: number;
}

/** Writes down what a server asks its database. */
function listen({ app }: TestServer): () => Asked {
  let statements: Record<string, number> = {};
  let characters = 0;
  const note = (sql: string, params: readonly unknown[]) => {
    const kind = /^\s*(\w+)/.exec(sql)?.[1]?.toLowerCase() ?? "";
    const table = /\b(?:into|from|update)\s+[`"]?(\w+)/i.exec(sql)?.[1] ?? "";
    // Each server looks by itself, now and then, whether there are tenants, and numbers events.
    if (table === "tenants" || (table === "events" && kind !== "insert") || table === "event_counters") return;
    // An address that there is none to note something on is replaced by another row.
    const name = `${kind} ${kind === "update" && /codes|identities/.test(table) ? "code or address" : table}`;
    statements[name] = (statements[name] ?? 0) + 1;
    if (kind === "insert") characters += sql.length + JSON.stringify(params).length;
  };
  recordQueries(app.db, note);
  return () => {
    const asked = { statements, characters };
    [statements, characters] = [{}, 0];
    return asked;
  };
}

/** Fractions of a second end in as many noughts as it happens, which are not written. */
const sizeOf = (form: Json) => JSON.stringify(form).replace(/(?<=:\d\d)\.\d+(?=Z)/g, "").length;

/** Asks for a code or a link four times, in turns, and compares what the later two asked of the database. */
async function compare(
  server: TestServer,
  kind: string,
  submission: (address: string) => object,
  tolerance: number,
): Promise<void> {
  await server.createPerson({ email, password: "correct horse battery" });
  const asked = listen(server);
  const ask = async (address: string) => {
    const { body } = await server.native.get(`/self-service/${kind}/api`);
    asked();
    const { status, body: form } = await server.native.post(body.ui.action, submission(address));
    assert.match(form.state, /^(sent_email|recovery_awaiting_code)$/);
    return { status, messages: messageIds(form), size: sizeOf(form), ...asked() };
  };
  // What is prepared once is not the matter.
  await ask(email);
  await ask(nobody);
  const { characters, ...known } = await ask(email);
  const { characters: forNobody, ...unknown } = await ask(nobody);
  assert.deepEqual(unknown, known);
  assert.equal(known.statements["insert courier_messages"], 1, JSON.stringify(known));
  assert.equal(known.statements["insert codes"], 1);
  assert.ok(forNobody > 3000);
  assert.ok(Math.abs(characters / forNobody - 1) <= tolerance, `${characters} and ${forNobody} characters`);
}

const configuration = (selfservice: ConfigTree, more: ConfigTree = {}): { config: ConfigTree } => ({
  config: { courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } }, selfservice, ...more },
});

for (const [kind, use] of [
  ["recovery", "code"],
  ["recovery", "link"],
  ["verification", "code"],
  ["verification", "link"],
] as const)
  for (const notified of [false, true]) {
    const flow = { enabled: true, use, notify_unknown_recipients: notified, ui_url: "http://app.example.org/x" };
    onEachDatabase(
      `${kind} by ${use} asks the database as much for nobody as for somebody${notified ? ", who is written to" : ""}`,
      // Where both are written to, it is not the same letter.
      (server) => compare(server, kind, (address) => ({ method: use, email: address }), notified ? 0.8 : 0.02),
      configuration({ methods: { code: { enabled: true }, link: { enabled: true } }, flows: { [kind]: flow } }),
    );
  }

onEachDatabase(
  "signing in by code asks the database as much for nobody as for somebody",
  (server) => compare(server, "login", (address) => ({ method: "code", identifier: address }), 0.02),
  configuration(
    { methods: { code: { passwordless_enabled: true, config: { missing_credential_fallback_enabled: true } } } },
    { security: { account_enumeration: { mitigate: true } } },
  ),
);
