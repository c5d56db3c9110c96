import type { Reach } from "../db/connection.ts";
import { isUuid } from "../db/id.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { decoderOf, selectList } from "../db/row.ts";
import { statement } from "../db/statement.ts";
import type { RowOf } from "../db/table.ts";
import { flows } from "./entities.ts";

/** A flow as it is stored. */
export type FlowRow = RowOf<typeof flows>;

const byId = statement(
  "flow_by_id",
  inEveryDialect((sql) => `select ${selectList(sql, flows, "f")} from flows f where f.nid = ? and f.id = ?`),
);

const flowOf = decoderOf(flows);

/** A flow by its id, of whatever kind. */
export async function flowById({ db, tenant }: Reach, id: string): Promise<FlowRow | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await db.read<object>(byId, [tenant.id, id.toLowerCase()]);
  return row && flowOf(row);
}
