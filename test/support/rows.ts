import type { Connection } from "../../src/db/connection.ts";
import { find, type Selecting } from "../../src/db/query.ts";
import type { RowOf, Table } from "../../src/db/table.ts";
import { defaultTenant } from "../../src/tenant.ts";

/** The rows of the tenant that is always there. */
export const reach = (db: Connection) => ({ db, tenant: defaultTenant });

/** The rows of a table, in the order of their ids unless said otherwise. */
export const rowsOf = <C>(
  db: Connection,
  table: Table<C>,
  which: Selecting<C> = (query) => query.orderBy("id" as never),
): Promise<RowOf<Table<C>>[]> => find(reach(db), table, which);

/** How many rows there are of a table. */
export const countOf = async <C>(db: Connection, table: Table<C>, which?: Selecting<C>): Promise<number> =>
  (await rowsOf(db, table, which)).length;
