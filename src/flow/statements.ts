import type { Database } from "../db/database.ts";
import { isUuid } from "../db/id.ts";
import { decodeJson, inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import type { Flow, FlowKind, Form } from "./flow.ts";

/** A flow as read. To change one, load it through the unit of work. */
export type FlowRow = Readonly<Omit<Flow, "transientPayload">> & { readonly submitCount: number };

interface Columns {
  id: string;
  kind: FlowKind;
  type: "browser" | "api";
  state: string;
  active: string | null;
  request_url: string;
  return_to: string | null;
  requested_aal: 1 | 2;
  refresh: number | boolean;
  csrf_hash: string | null;
  identity_id: string | null;
  organization_id: string | null;
  identity_schema: string | null;
  oauth2_login_challenge: string | null;
  session_token_exchange_code: string | null;
  ui: string;
  internal: string;
  submit_count: number;
  challenges_spent: number;
  issued_at: number;
  expires_at: number;
  created_at: number;
  updated_at: number;
}

const byId = statement(
  "flow_by_id",
  inEveryDialect(
    ({ text }) => `select f.id, f.kind, f.type, f.state, f.active, f.request_url, f.return_to, f.requested_aal, f.refresh,
      f.csrf_hash, f.identity_id, f.organization_id, f.identity_schema, f.oauth2_login_challenge,
      f.session_token_exchange_code, ${text("f.ui")} as ui, ${text("f.internal")} as internal, f.submit_count, f.challenges_spent,
      f.issued_at, f.expires_at, f.created_at, f.updated_at
    from flows f where f.id = ?`,
  ),
);

/** A flow by its id, of whatever kind. */
export async function flowById(db: Database, id: string): Promise<FlowRow | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await db.read<Columns>(byId, [id.toLowerCase()]);
  return row && decode(row);
}

function decode(row: Columns): FlowRow {
  return {
    id: row.id,
    kind: row.kind,
    type: row.type,
    state: row.state,
    active: row.active,
    requestUrl: row.request_url,
    returnTo: row.return_to,
    requestedAal: row.requested_aal,
    refresh: Boolean(row.refresh),
    csrfHash: row.csrf_hash,
    identityId: row.identity_id,
    organizationId: row.organization_id,
    identitySchema: row.identity_schema,
    oauth2LoginChallenge: row.oauth2_login_challenge,
    sessionTokenExchangeCode: row.session_token_exchange_code,
    ui: decodeJson<Form>(row.ui),
    internal: decodeJson(row.internal),
    submitCount: row.submit_count,
    challengesSpent: row.challenges_spent,
    issuedAt: new Date(row.issued_at),
    expiresAt: new Date(row.expires_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}
