import { cachedFor } from "../cached-for.ts";
import { errorMessage } from "../text/error-message.ts";
import type { Database } from "./connection.ts";
import { uuidv7 } from "./id.ts";
import { pendingMigrations } from "./migrate.ts";
import { statement } from "./statement.ts";
import { defaultTenant } from "../tenant.ts";

/** What keeps a database from serving, by what is at fault; nothing when all is well. */
export type Faults = Readonly<Record<string, string>>;

const patienceMs = 3_000;
const keptMs = 250;

/** Tells whether a database can serve. Anybody may ask, and as often as they like: what was found is kept for a moment. */
export const readinessOf = (db: Database): (() => Promise<Faults>) => cachedFor(keptMs, () => ready(db));

/** What keeps a database from serving now. One that is full or read-only answers every read: it has to be written to. */
export async function ready(db: Database): Promise<Faults> {
  try {
    return await withDeadline(look(db));
  } catch (error) {
    return { database: errorMessage(error) };
  }
}

async function look(db: Database): Promise<Faults> {
  const pending = await pendingMigrations(db);
  if (pending.length) return { migrations: `Migrations have yet to run: ${pending.join(", ")}.` };
  await tryWrite(db);
  return {};
}

const insert = statement(
  "insert_probe",
  "insert into flow_errors (nid, id, created_at, updated_at, error) values (?, ?, ?, ?, ?)",
);
const remove = statement("delete_probe", "delete from flow_errors where nid = ? and id = ?");
/** As large as what people write: a small row may find room where nothing else does. */
const filler = JSON.stringify({ probe: "-".repeat(16_384) });

/** Writes a row that nobody ever sees. */
async function tryWrite(db: Database): Promise<void> {
  const now = Date.now();
  const id = uuidv7(now);
  // The database is asked, whoever it serves: the row belongs to the tenant that is always there.
  const nid = defaultTenant.id;
  await db.transaction(async (connection) => {
    await connection.write(insert, [nid, id, now, now, filler]);
    await connection.write(remove, [nid, id]);
  });
}

async function withDeadline(looking: Promise<Faults>): Promise<Faults> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The database does not answer in time.")), patienceMs);
  });
  return Promise.race([looking, late]).finally(() => clearTimeout(timer));
}
