import { readPart } from "../config/part.ts";
import type { Config } from "../config/config.ts";
import { database } from "../config/schema/operation.ts";
import type { Command, CommandCall } from "./command.ts";
import { configFiles } from "./config-files.ts";
import { formatOption, printsJson } from "./format.ts";
import { databaseOf, databaseOptions } from "./database-operand.ts";
import { untilStopped } from "./until-stopped.ts";

/** `ostiary cleanup sql` */
export const cleanupCommand: Command = {
  name: "cleanup sql",
  operands: "[database]",
  summary: "Deletes expired sessions, flows, codes, errors and rate limit counters, and old messages and events.",
  options: [
    ...databaseOptions,
    {
      name: "keep-last",
      type: "string",
      summary: "How long ago rows must have expired, such as 24h. Default: database.cleanup.older_than.",
    },
    {
      name: "keep-messages",
      type: "string",
      summary: "How long messages that were sent or abandoned are kept. Default: database.cleanup.messages_older_than.",
    },
    {
      name: "keep-events",
      type: "string",
      summary: "How long events are kept. Default: database.cleanup.events_older_than.",
    },
    {
      name: "batch-size",
      short: "b",
      type: "string",
      summary: "Rows deleted per batch. Default: database.cleanup.batch_size.",
    },
    {
      name: "sleep-tables",
      type: "string",
      summary: "Pause after each table. Default: database.cleanup.sleep.tables.",
    },
    { name: "database.cleanup.batch_size", type: "string", summary: "Same as --batch-size." },
    { name: "database.cleanup.sleep.tables", type: "string", summary: "Same as --sleep-tables." },
    formatOption,
  ],
  async run(call) {
    const json = printsJson(call);
    const dsn = databaseOf(call);
    const { cleanup } = readPart<Pick<Config, "database">>({ database }, sources(call)).database;
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
        keepEventsMs: cleanup.events_older_than,
        signal: stop.signal,
      });
      if (json) call.out(JSON.stringify({ deleted }));
      else for (const [table, rows] of Object.entries(deleted)) call.out(`${table}: ${rows} deleted`);
      return stop.signal.aborted ? 1 : 0;
    } finally {
      await db.close();
    }
  },
};

/** Flags go before variables, and variables before files. */
function sources(call: CommandCall) {
  const { flags, environment } = call;
  const batch = flags["batch-size"] ?? flags["database.cleanup.batch_size"];
  const sleep = flags["sleep-tables"] ?? flags["database.cleanup.sleep.tables"];
  const cleanup = {
    ...(flags["keep-last"] !== undefined && { older_than: durationOf(flags["keep-last"]) }),
    ...(flags["keep-messages"] !== undefined && { messages_older_than: durationOf(flags["keep-messages"]) }),
    ...(flags["keep-events"] !== undefined && { events_older_than: durationOf(flags["keep-events"]) }),
    ...(batch !== undefined && { batch_size: Number(batch) }),
    ...(sleep !== undefined && { sleep: { tables: durationOf(sleep) } }),
  };
  return { files: configFiles(call), environment, flags: { database: { cleanup } } };
}

/** A flag may leave out the unit of nothing at all. */
const durationOf = (written: unknown): unknown => (written === "0" ? "0s" : written);
