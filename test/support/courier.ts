import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../../src/config/config.ts";
import { fixedConfig } from "../../src/config/watch.ts";
import { enqueue } from "../../src/courier/enqueue.ts";
import { courierMessages } from "../../src/courier/entities.ts";
import type { CourierMessage } from "../../src/courier/entities.ts";
import type { Mail } from "../../src/courier/message.ts";
import { startWorker } from "../../src/courier/worker.ts";
import type { Worker } from "../../src/delivery/worker.ts";
import type { Database } from "../../src/db/connection.ts";
import type { Dialect } from "../../src/db/statement.ts";
import { databases, openScratch } from "./databases.ts";
import { configOf } from "./config.ts";
import type { ConfigTree } from "./config.ts";
import { courierContext } from "./courier-context.ts";
import { silentLog } from "./log.ts";
import { rowsOf } from "./rows.ts";

/** A configuration that is about the courier. */
export const courierConfig = (courier: ConfigTree, more: ConfigTree = {}): Config =>
  configOf({ dsn: "memory", courier, ...more });

/** A configuration that sends mail in the clear to a port of this machine. */
export const mailConfig = (port: number, courier: ConfigTree = {}): Config =>
  courierConfig({
    worker: { pull_wait: "50ms" },
    ...courier,
    smtp: {
      connection_uri: `smtp://127.0.0.1:${port}/?disable_starttls=true`,
      from_address: "no-reply@example.org",
      ...(courier["smtp"] as ConfigTree),
    },
  });

/** A mail to sign in with. */
export const codeMail = (recipient: string, login_code = "123456"): Mail => ({
  channel: "email",
  templateType: "login_code_valid",
  recipient,
  data: { login_code, expires_in_minutes: 15, request_url: "https://id.example.org/self-service/login/browser" },
});

/** Puts messages into the outbox, each in a transaction of its own. */
export async function post(db: Database, config: Config, ...mails: Mail[]): Promise<void> {
  const ctx = courierContext(db, config);
  for (const mail of mails) await ctx.tx((tx) => enqueue(tx, mail));
}

/** The messages of an outbox, the oldest first. */
export const outbox = (db: Database): Promise<CourierMessage[]> => rowsOf(db, courierMessages);

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> {
  for (const end = Date.now() + withinMs; !(await holds()); await pause(10))
    if (Date.now() > end) throw new Error("it never came to hold");
}

/** An outbox of a test's own, and workers that stop before it goes. */
export interface Outbox {
  readonly db: Database;
  readonly t: TestContext;
  work(config: Config, ahead?: () => number): Pick<Worker, "stop">;
}

/** Opens an empty outbox. */
export async function openOutbox(t: TestContext, dialect: Dialect = "sqlite"): Promise<Outbox> {
  const workers: Pick<Worker, "stop">[] = [];
  // Hooks run in the order in which they were set.
  t.after(() => Promise.all(workers.map((worker) => worker.stop())));
  const db = await openScratch(t, dialect);
  return {
    db,
    t,
    work(config, ahead = () => 0) {
      const worker = startWorker({
        store: fixedConfig(config),
        db,
        log: silentLog,
        now: () => new Date(Date.now() + ahead()),
      });
      workers.push(worker);
      return worker;
    },
  };
}

/** Runs a test once per engine, on an outbox of its own. */
export function eachOutbox(title: string, run: (outbox: Outbox) => Promise<void>): void {
  for (const dialect of databases) test(`${title} (${dialect})`, async (t) => run(await openOutbox(t, dialect)));
}
