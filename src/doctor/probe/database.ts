import type { Config } from "../../config/config.ts";
import type { Database } from "../../db/connection.ts";
import { pendingMigrations } from "../../db/migrate.ts";
import { serverFacts } from "../../db/server-facts.ts";
import { errorMessage } from "../../text/error-message.ts";
import { type DoctorFinding, fine } from "../finding.ts";

const aspect = "database";
const skewToNoteMs = 1_000;
const skewToWarnMs = 5_000;

/** Whether the database answers, is up to date, and agrees with this machine about the time. */
export async function probeDatabase(db: Database): Promise<DoctorFinding[]> {
  try {
    const before = Date.now();
    const { version, clock } = await serverFacts(db);
    const after = Date.now();
    const pending = await pendingMigrations(db);
    return [
      fine(aspect, `${db.dialect} ${version} answers, in ${after - before} ms.`),
      ...judgeMigrations(pending, db.dialect),
      ...(clock ? judgeClock(clock.getTime() - (before + after) / 2) : []),
    ];
  } catch (error) {
    return [unreachable(error)];
  }
}

/** Tells that the database could not be used. */
export const unreachable = (error: unknown): DoctorFinding => ({
  aspect,
  severity: "error",
  where: "dsn",
  reason: `The database cannot be used: ${errorMessage(error)}`,
  cure: "Check host, port, name and password of the DSN, and that the database server runs.",
});

/** Whether the database suits what the server is for. */
export function judgeDsn({ dsn, dev }: Config): DoctorFinding[] {
  if (dsn !== "memory") return [];
  const reason = "The database is in memory: all accounts are gone when the server ends.";
  return [
    {
      aspect,
      severity: dev ? "note" : "error",
      where: "dsn",
      reason,
      cure: "Name a file or a server: sqlite://ostiary.sqlite",
    },
  ];
}

function judgeMigrations(pending: readonly string[], dialect: string): DoctorFinding[] {
  if (pending.length === 0) return [fine(aspect, "All migrations have run.")];
  return [
    {
      aspect,
      // The embedded database is migrated as a server starts.
      severity: dialect === "sqlite" ? "note" : "error",
      where: "dsn",
      reason: `Migrations have yet to run: ${pending.join(", ")}.`,
      cure: dialect === "sqlite" ? "The next start runs them." : "Run: ostiary migrate sql -e --yes",
    },
  ];
}

/** Whether two clocks agree; the difference in milliseconds. */
export function judgeClock(skewMs: number): DoctorFinding[] {
  const size = Math.abs(skewMs);
  if (size < skewToNoteMs) return [fine("clock", "The database's clock agrees with this machine's.")];
  return [
    {
      aspect: "clock",
      severity: size < skewToWarnMs ? "note" : "warning",
      reason: `The database's clock is ${(size / 1000).toFixed(1)} s ${skewMs > 0 ? "ahead of" : "behind"} this machine's.`,
      cure: "Synchronise both by NTP: servers with different clocks disagree about what has expired.",
    },
  ];
}
