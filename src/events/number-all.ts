import type { Connection } from "../db/connection.ts";
import { statement } from "../db/statement.ts";
import { numberEvents } from "./numbering.ts";

const tenantsWithout = statement(
  "tenants_with_events_without_number",
  "select t.id from tenants t where exists (select 1 from events e where e.nid = t.id and e.sequence is null)",
);

/** How many events of a tenant are numbered before it is the next one's turn. */
const mostInTurn = 1024;

/** Numbers the committed events of all tenants, until there are none without a number or `signal` is aborted. */
export async function numberAllEvents(db: Connection, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const tenants = await db.read<{ readonly id: string }>(tenantsWithout, []);
    let areLeft = false;
    for (const tenant of tenants) {
      if (signal?.aborted) return;
      if ((await numberEvents({ db, tenant }, mostInTurn)) >= mostInTurn) areLeft = true;
    }
    if (!areLeft) return;
  }
}
