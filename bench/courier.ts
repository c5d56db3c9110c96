// How fast the courier is, and what it loses: real workers (`ostiary courier watch`) on a real mail server, of which some are
// killed. `node bench/courier.ts`, with OSTIARY_BENCH_DSN=postgres://... for another database, an empty one.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { leaseMs } from "../src/courier/claim.ts";
import { courierDispatches, courierMessages } from "../src/courier/entities.ts";
import { enqueue } from "../src/courier/enqueue.ts";
import { openDatabase } from "../src/db/database.ts";
import { migrateUp } from "../src/db/migrate.ts";
import { entities } from "../src/orm.ts";
import { courierContext } from "../test/support/courier-context.ts";
import { countOf, rowsOf } from "../test/support/rows.ts";
import { codeMail, mailConfig } from "../test/support/courier.ts";
import { startMailServer } from "../test/support/mail-server.ts";

const many = Number(process.env["OSTIARY_BENCH_MESSAGES"] ?? 10_000);
const kills = Number(process.env["OSTIARY_BENCH_KILLS"] ?? 0);
const workerCount = 4;
const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
const dsn = process.env["OSTIARY_BENCH_DSN"] ?? `sqlite://${folder}/courier.sqlite`;

const arrivals = new Map<string, number>();
const server = await startMailServer(undefined, {
  onMail: async (raw) => {
    // With kills there has to be somebody under way.
    if (kills > 0) await pause(50);
    const id = /^Message-ID: <([^@>]+)/im.exec(raw)![1]!;
    arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
  },
});
const smtp = {
  connection_uri: `smtp://127.0.0.1:${server.port}/?disable_starttls=true`,
  from_address: "no-reply@example.org",
};
const file = join(folder, "kratos.yml");
const identity = { default_schema_id: "p", schemas: [{ id: "p", url: "base64://e30=" }] };
const courier = { smtp, message_retries: 20, worker: { pull_wait: "200ms" } };
writeFileSync(
  file,
  JSON.stringify({
    dsn,
    dev: true,
    log: { level: "error" },
    identity,
    selfservice: { default_browser_return_url: "http://localhost/" },
    courier,
  }),
);

const startWorker = (): ChildProcess =>
  spawn(process.execPath, [join(root, "bin/ostiary.js"), "courier", "watch", "-c", file], {
    stdio: ["ignore", "ignore", "inherit"],
  });

await migrateUp(dsn);
const db = await openDatabase(dsn, entities);
const ctx = courierContext(db, mailConfig(server.port));
const begin = performance.now();
for (let at = 0; at < many; at += 100)
  await ctx.tx(async (tx) => {
    for (let n = at; n < Math.min(at + 100, many); n++) await enqueue(tx, codeMail(`p${n}@example.org`));
  });
console.log(`${many} messages into the outbox: ${((performance.now() - begin) / many).toFixed(2)} ms each`);

const start = performance.now();
const workers = Array.from({ length: workerCount }, startWorker);
try {
  for (let done = 0; done < kills; done++) {
    await pause(400);
    const at = done % workerCount;
    workers[at]!.kill("SIGKILL");
    workers[at] = startWorker();
  }
  const lastKill = Date.now();
  let stuck = 0;
  while ((await countOf(db, courierMessages, (query) => query.where("status", "in", ["queued", "processing"]))) > 0) {
    if (Date.now() - lastKill > leaseMs + 5000)
      stuck = await countOf(db, courierMessages, (query) =>
        query.where("status", "=", "processing").where("dueAt", "<", new Date(Date.now() - 5000)),
      );
    if (stuck > 0) break;
    await pause(200);
  }
  const seconds = (performance.now() - start) / 1000;
  const lost = many - arrivals.size;
  const duplicates = [...arrivals.values()].reduce((sum, count) => sum + count - 1, 0);
  const attempts = (await rowsOf(db, courierMessages)).reduce((sum, { sendCount }) => sum + sendCount, 0);
  const dispatches = await countOf(db, courierDispatches);
  console.log(
    `${db.dialect}, ${workerCount} workers, ${kills} kills: ${seconds.toFixed(1)} s (${(many / seconds).toFixed(0)}/s), lost ${lost}, stuck ${stuck}, sent twice ${duplicates}, attempts ${attempts}, written down ${dispatches}`,
  );
} finally {
  for (const worker of workers) worker.kill("SIGKILL");
  await db.close();
  await server.close();
  rmSync(folder, { recursive: true });
}
