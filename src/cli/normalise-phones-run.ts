import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { systemContext } from "../app/system-context.ts";
import { readConfig } from "../config/load.ts";
import type { Config } from "../config/config.ts";
import { fixedConfig } from "../config/watch.ts";
import type { Context } from "../context.ts";
import { openDatabase } from "../db/database.ts";
import { firstId } from "../db/pages.ts";
import { normalisePhonesOf, phonePage, phoneTables, unlikeE164, type PhoneTable } from "../identity/phone-numbers.ts";
import { createLogger } from "../logger.ts";
import { entities } from "../orm.ts";
import { defaultTenant } from "../tenant.ts";
import { openDirectory } from "../tenant/directory.ts";
import { tenantsPage } from "../tenant/statements.ts";
import type { CommandCall } from "./command.ts";
import { databaseOf } from "./database-operand.ts";
import { exampleSources } from "./example.ts";
import { exitCodes } from "./exit-codes.ts";
import { printerFor } from "./output/print.ts";
import type { Columns } from "./output/table.ts";

const tables = Object.keys(phoneTables) as PhoneTable[];

/** Walks through the phone numbers of all tenants of a database, and writes those by E.164 that are not. */
export async function normalisePhones(call: CommandCall): Promise<number> {
  const print = await printerFor(call);
  const dsn = databaseOf(call);
  const config = configWith(dsn);
  const log = createLogger({ level: "error", format: "json" });
  const db = await openDatabase(dsn, entities, { log });
  const directory = openDirectory(db, fixedConfig(config), log);
  try {
    const counts = tables.map((table): Counts => ({
      table: phoneTables[table].title,
      scanned: 0,
      updated: 0,
      skipped: 0,
      errors: 0,
    }));
    const now = () => new Date();
    for (const id of [defaultTenant.id, ...(await otherTenants(db))])
      for (const [at, table] of tables.entries())
        await walk(call, systemContext({ db, log, now }, { id }, config), table, counts[at]!);
    await print.rows(columns, [...counts, totalOf(counts)], counts);
    return counts.some(({ errors }) => errors > 0) ? exitCodes.failed : exitCodes.done;
  } finally {
    directory.close();
    await db.close();
  }
}

interface Counts {
  readonly table: string;
  scanned: number;
  updated: number;
  skipped: number;
  errors: number;
}

const columns: Columns<Counts> = {
  TABLE: ({ table }) => table,
  SCANNED: ({ scanned }) => scanned,
  UPDATED: ({ updated }) => updated,
  SKIPPED: ({ skipped }) => skipped,
  ERRORS: ({ errors }) => errors,
};

const totalOf = (counts: readonly Counts[]): Counts =>
  counts.reduce(
    (total, { scanned, updated, skipped, errors }) => ({
      table: "Total",
      scanned: total.scanned + scanned,
      updated: total.updated + updated,
      skipped: total.skipped + skipped,
      errors: total.errors + errors,
    }),
    { table: "Total", scanned: 0, updated: 0, skipped: 0, errors: 0 },
  );

async function otherTenants(db: Parameters<typeof tenantsPage>[0]): Promise<string[]> {
  const ids: string[] = [];
  for (let after = firstId; ;) {
    const page = await tenantsPage(db, after, 500);
    ids.push(...page.map(({ id }) => id).filter((id) => id !== defaultTenant.id));
    if (page.length < 500) return ids;
    after = page.at(-1)!.id;
  }
}

/** Of a configuration nothing is needed but what is set where nobody sets anything. */
function configWith(dsn: string): Config {
  const spareSecret = randomBytes(32).toString("hex");
  const reading = readConfig(exampleSources({ files: [], environment: {}, flags: { dsn, dev: true }, spareSecret }));
  if (reading.kind === "refused") throw new Error(reading.faults.join("\n"));
  return reading.config;
}

async function walk(call: CommandCall, ctx: Context, table: PhoneTable, counts: Counts): Promise<void> {
  const { "batch-size": limit = 1000, "batch-delay": delay = 1000, "start-after": starts = [] } = call.flags;
  const start = (starts as readonly { readonly table: PhoneTable; readonly id: string }[]).find(
    (one) => one.table === table,
  );
  for (let after = start?.id ?? firstId; ;) {
    const rows = await phonePage(ctx, table, after, Number(limit));
    for (const row of rows) await judge(call, ctx, row, counts);
    if (rows.length === 0) return;
    after = rows.at(-1)!.id;
    call.err(`${counts.table}: ${counts.scanned} rows so far (--start-after ${table}=${after})`);
    if (rows.length < Number(limit)) return;
    await pause(Number(delay));
  }
}

async function judge(
  call: CommandCall,
  ctx: Context,
  { id, identity_id: identityId, value }: Awaited<ReturnType<typeof phonePage>>[number],
  counts: Counts,
): Promise<void> {
  counts.scanned++;
  const normal = unlikeE164(value);
  if (normal === undefined) return void counts.skipped++;
  if (call.flags["dry-run"]) call.err(`${counts.table} ${id}: ${value} -> ${normal}`);
  else {
    const written = await normalisePhonesOf(ctx, identityId);
    if (written === "conflict") {
      call.err(`${counts.table} ${id}: ${normal} is another person's.`);
      return void counts.errors++;
    }
  }
  counts.updated++;
}
