import { readPart } from "../config/part.ts";
import type { Config } from "../config/config.ts";
import { database, events } from "../config/schema/operation.ts";
import type { Command, CommandCall } from "./command.ts";
import { configFiles } from "./config-files.ts";
import { databaseOf, databaseOperand, databaseOptions } from "./database-operand.ts";
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import { untilStopped } from "./until-stopped.ts";

/** `ostiary cleanup sql` */
export const cleanupCommand: Command = {
  name: "cleanup sql",
  operands: [databaseOperand],
  summary: "Deletes expired sessions, flows, codes, errors and rate limit counters, and old messages and events.",
  options: [
    ...databaseOptions,
    {
      name: "keep-last",
      value: "duration",
      summary: "How long ago rows must have expired, such as 24h. Default: database.cleanup.older_than.",
    },
    {
      name: "keep-messages",
      value: "duration",
      summary: "How long messages that were sent or abandoned are kept. Default: database.cleanup.messages_older_than.",
    },
    {
      name: "keep-events",
      value: "duration",
      summary: "How long events are kept. Default: events.retention.",
    },
    {
      name: "keep-deliveries",
      value: "duration",
      summary: "How long deliveries of events are kept that are over. Default: database.cleanup.deliveries_older_than.",
    },
    {
      name: "batch-size",
      short: "b",
      aliases: ["database.cleanup.batch_size"],
      value: "rows",
      summary: "Rows deleted per batch. Default: database.cleanup.batch_size.",
    },
    {
      name: "sleep-tables",
      aliases: ["database.cleanup.sleep.tables"],
      value: "duration",
      summary: "Pause after each table. Default: database.cleanup.sleep.tables.",
    },
    ...formatOptions,
  ],
  async run(call) {
    const print = await printerFor(call);
    const dsn = databaseOf(call);
    const part = readPart<Pick<Config, "database" | "events">>({ database, events }, sources(call));
    const { cleanup } = part.database;
    const [{ cleanUp }, { openDatabase }, { entities }] = await Promise.all([
      import("../cleanup/clean-up.ts"),
      import("../db/database.ts"),
      import("../orm.ts"),
    ]);
    const stop = new AbortController();
    void untilStopped().then(() => stop.abort());
    const db = await openDatabase(dsn, entities);
    try {
      const deleted = await cleanUp(db, {
        batchSize: cleanup.batch_size,
        tablePauseMs: cleanup.sleep.tables,
        keepMs: cleanup.older_than,
        keepMessagesMs: cleanup.messages_older_than,
        keepDeliveriesMs: cleanup.deliveries_older_than,
        keepEventsMs: part.events.retention,
        signal: stop.signal,
      });
      const columns = { TABLE: ([table]: [string, number]) => table, DELETED: ([, rows]: [string, number]) => rows };
      await print.rows(columns, Object.entries(deleted), { deleted });
      return stop.signal.aborted ? 1 : 0;
    } finally {
      await db.close();
    }
  },
};

/** Flags go before variables, and variables before files. */
function sources(call: CommandCall) {
  const { flags, environment } = call;
  const { "batch-size": batch, "sleep-tables": sleep } = flags;
  const cleanup = {
    ...(flags["keep-last"] !== undefined && { older_than: durationOf(flags["keep-last"]) }),
    ...(flags["keep-messages"] !== undefined && { messages_older_than: durationOf(flags["keep-messages"]) }),
    ...(flags["keep-deliveries"] !== undefined && { deliveries_older_than: durationOf(flags["keep-deliveries"]) }),
    ...(batch !== undefined && { batch_size: Number(batch) }),
    ...(sleep !== undefined && { sleep: { tables: durationOf(sleep) } }),
  };
  const events = flags["keep-events"] === undefined ? {} : { retention: durationOf(flags["keep-events"]) };
  return { files: configFiles(call), environment, flags: { database: { cleanup }, events } };
}

/** A flag may leave out the unit of nothing at all. */
const durationOf = (written: unknown): unknown => (written === "0" ? "0s" : written);
