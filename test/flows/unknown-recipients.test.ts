import assert from "node:assert/strict";
import { test } from "node:test";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const email = "ada@example.org";

/** Counts what a server asks its database, by the kind of statement. */
function countStatements({ app }: TestServer): () => Record<string, number> {
  const counted: Record<string, number> = {};
  const count = (sql: string) => {
    const kind = /^\s*(\w+)/.exec(sql)?.[1]?.toLowerCase() ?? "";
    counted[kind] = (counted[kind] ?? 0) + 1;
  };
  const db = app.db as { read: typeof app.db.read; write: typeof app.db.write };
  const { read, write } = db;
  const textOf = (sql: string | Readonly<Record<string, string>>) => (typeof sql === "string" ? sql : sql["sqlite"]!);
  db.read = (statement, params) => {
    count(textOf(statement.sql));
    return read(statement, params);
  };
  db.write = (em, statement, params) => {
    count(textOf(statement.sql));
    return write(em, statement, params);
  };
  const logger = app.db.orm.config.getLogger();
  logger.setDebugMode(["query"]);
  logger.logQuery = ({ query }) => count(query ?? "");
  return () => {
    const before = { ...counted };
    for (const kind of Object.keys(counted)) delete counted[kind];
    return before;
  };
}

for (const [kind, use] of [["recovery", "code"], ["recovery", "link"], ["verification", "code"], ["verification", "link"]] as const)
  for (const notified of [false, true])
    test(`${kind} by ${use} asks the database as much for nobody as for somebody${notified ? ", who is written to" : ""}`, async (t) => {
      const flow = { enabled: true, use, notify_unknown_recipients: notified, ui_url: "http://app.example.org/x" };
      const config = {
        courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
        selfservice: { methods: { code: { enabled: true }, link: { enabled: true } }, flows: { [kind]: flow } },
      };
      const server = await startServer(t, { config });
      await server.createPerson({ email, password: "correct horse battery" });
      const counted = countStatements(server);
      const ask = async (address: string) => {
        const { body } = await server.native.get(`/self-service/${kind}/api`);
        counted();
        const { status, headers } = await server.native.post(body.ui.action, { method: use, email: address });
        return { status, size: Number(headers.get("content-length")) - address.length, counts: counted() };
      };
      // What is prepared once is not the matter.
      await ask(email);
      await ask("bob@example.org");
      const [known, unknown] = [await ask(email), await ask("bob@example.org")];
      const total = ({ counts }: typeof known) => Object.values(counts).reduce((sum, one) => sum + one, 0);
      assert.deepEqual(unknown, known);
      assert.ok(total(known) > 4, JSON.stringify(known));
    });
