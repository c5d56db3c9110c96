import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { leaseMs } from "../../src/courier/claim.ts";
import { courierDispatches } from "../../src/courier/entities.ts";
import { startWorker } from "../../src/courier/worker.ts";
import { fixedConfig } from "../../src/config/watch.ts";
import { openDatabase } from "../../src/db/database.ts";
import { migrateUp } from "../../src/db/migrate.ts";
import { entities } from "../../src/orm.ts";
import { codeMail, mailConfig, outbox, post, until } from "../support/courier.ts";
import { countOf } from "../support/rows.ts";
import { createScratch } from "../support/databases.ts";
import { silentLog } from "../support/log.ts";
import { startMailServer } from "../support/mail-server.ts";

const bin = resolve(import.meta.dirname, "../../bin/ostiary.js");

test("`courier watch` may be killed at any moment: nothing is lost, and what is sent twice is seen to be one", async (t) => {
  let begun = 0;
  const server = await startMailServer(t, {
    async onMail() {
      begun++;
      await new Promise((done) => setTimeout(done, 30));
    },
  });
  const scratch = await createScratch("sqlite");
  await migrateUp(scratch.dsn);
  const db = await openDatabase(scratch.dsn, entities);
  const folder = mkdtempSync(join(tmpdir(), "ostiary-test-"));
  const config = mailConfig(server.port, { worker: { pull_count: 3, pull_wait: "20ms" } });
  const file = join(folder, "kratos.yml");
  const { smtp, worker } = { smtp: config.courier.smtp, worker: { pull_count: 3, pull_wait: "20ms" } };
  const identity = { default_schema_id: "p", schemas: [{ id: "p", url: "base64://e30=" }] };
  const selfservice = { default_browser_return_url: "http://localhost/" };
  const courier = { smtp: { connection_uri: smtp.connection_uri, from_address: smtp.from_address }, worker };
  writeFileSync(
    file,
    JSON.stringify({ dsn: scratch.dsn, dev: true, log: { level: "error" }, identity, selfservice, courier }),
  );
  const recipients = Array.from({ length: 30 }, (_, n) => `p${n}@example.org`);
  await post(db, config, ...recipients.map((to) => codeMail(to)));
  const kills = 3;
  for (let n = 0; n < kills; n++) {
    const before = begun;
    const child = spawn(process.execPath, [bin, "courier", "watch", "-c", file], { stdio: "ignore" });
    await until(() => begun > before, 15_000);
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await gone;
  }
  const left = startWorker({
    store: fixedConfig(config),
    db,
    log: silentLog,
    now: () => new Date(Date.now() + leaseMs + 1000),
  });
  try {
    await until(async () => (await outbox(db)).every(({ status }) => status === "sent"), 15_000);
    const messages = await outbox(db);
    const ids = server.received.map(({ mail }) => mail.messageId!);
    assert.deepEqual(new Set(ids), new Set(messages.map(({ id }) => `<${id}@example.org>`)), "none is lost");
    assert.ok(ids.length - messages.length <= kills * 3, "only what was under way is sent again");
    const attempts = messages.reduce((sum, { sendCount }) => sum + sendCount, 0);
    assert.equal(await countOf(db, courierDispatches), attempts);
  } finally {
    await left.stop();
    await db.close();
    await scratch.drop();
    rmSync(folder, { recursive: true });
  }
});
