import type { Connection, Reach } from "../db/connection.ts";
import { statement } from "../db/statement.ts";

/** By how much numbers of accounts change. */
interface Change {
  active: number;
  inactive: number;
}

const parts = 16;
const pending = Symbol("how the numbers of accounts change by the transaction");

/** A transaction that remembers. A WeakMap would cost the garbage collector more. */
type Remembering = Connection & { [pending]?: Change };

const addTo = "insert into account_totals (id, nid, active, inactive) values (?, ?, ?, ?)";

const add = statement("add_identity_total", {
  sqlite: `${addTo} on conflict (id, nid) do update set active = active + excluded.active, inactive = inactive + excluded.inactive`,
  postgresql: `${addTo} on conflict (id, nid) do update set active = account_totals.active + excluded.active, inactive = account_totals.inactive + excluded.inactive`,
  mysql: `${addTo} on duplicate key update active = active + values(active), inactive = inactive + values(inactive)`,
});

/**
 * Counts accounts that come, go or change their state, in the transaction that makes them do so: at its end and by one
 * statement, since whoever counts in the same part waits for it.
 */
export function countIdentities({ db, tenant }: Reach, state: keyof Change, by: number): void {
  const transaction: Remembering = db;
  if (transaction[pending]) return void (transaction[pending][state] += by);
  const change: Change = { active: 0, inactive: 0, [state]: by };
  transaction[pending] = change;
  transaction.beforeCommit(async () => {
    const part = String(Math.floor(Math.random() * parts));
    if (change.active !== 0 || change.inactive !== 0)
      await db.write(add, [part, tenant.id, change.active, change.inactive]);
  });
}

// The key begins with the part: without their names the rows of all tenants would be looked at.
const names = Array.from({ length: parts }, (_, part) => `'${part}'`).join(", ");

const total = statement(
  "account_totals",
  `select sum(active) as active, sum(inactive) as inactive from account_totals where id in (${names}) and nid = ?`,
);

/** How many accounts there are, by their state. */
export async function identityTotals({ db, tenant }: Reach): Promise<Readonly<Change>> {
  const [row] = await db.read<{ active: number | null; inactive: number | null }>(total, [tenant.id]);
  return { active: Number(row?.active ?? 0), inactive: Number(row?.inactive ?? 0) };
}
