import type { Database } from "./connection.ts";
import { statement } from "./statement.ts";

/** What a database says of itself. */
export interface ServerFacts {
  /** As it writes its version. */
  readonly version: string;
  /** What its clock says; undefined for an embedded one, which has none. */
  readonly clock?: Date;
}

const facts = statement("server_facts", {
  sqlite: "select sqlite_version() as version, null as clock",
  postgresql:
    "select case when version() like 'CockroachDB%' then version() else current_setting('server_version') end as version, extract(epoch from clock_timestamp()) * 1000 as clock",
  mysql: "select version() as version, unix_timestamp(sysdate(3)) * 1000 as clock",
});

/** Asks a database for its version and the time. */
export async function serverFacts(db: Database): Promise<ServerFacts> {
  const [row] = await db.read<{ version: string; clock: number | string | null }>(facts, []);
  const { version, clock } = row!;
  return { version, ...(clock !== null && { clock: new Date(Number(clock)) }) };
}
