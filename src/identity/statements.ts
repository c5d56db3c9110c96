import type { Reach } from "../db/connection.ts";
import { isUuid } from "../db/id.ts";
import { decodeJson, inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import {
  credentialColumns,
  decodeCredentials,
  decodeIdentity,
  identityColumns,
  type IdentityColumns,
  type IdentityWithCredentialsRow,
} from "./rows.ts";

/** A credential, found by the name that somebody typed. */
export interface FoundCredential {
  identityId: string;
  identityState: "active" | "inactive";
  credentialId: string;
  identifier: string;
  config: Record<string, unknown>;
  revision: number;
}

const byIdentifier = statement(
  "credential_by_identifier",
  inEveryDialect(
    ({ text }) => `select i.id as identity_id, i.state, c.id as credential_id, n.identifier, c.revision,
      ${text("c.config")} as config
    from identity_credential_identifiers n
    join identity_credentials c on c.nid = n.nid and c.id = n.credential_id
    join identities i on i.nid = c.nid and i.id = c.identity_id
    where n.nid = ? and n.type = ? and n.identifier = ?`,
  ),
);

/** The credential of a type to which an identifier, in its normal form, belongs. */
export async function credentialByIdentifier(
  { db, tenant }: Reach,
  type: string,
  identifier: string,
): Promise<FoundCredential | undefined> {
  const rows = await db.read<{
    identity_id: string;
    state: "active" | "inactive";
    credential_id: string;
    identifier: string;
    config: string;
    revision: number;
  }>(byIdentifier, [tenant.id, type, identifier]);
  // MySQL ignores spaces at the end, also where it compares byte by byte.
  const row = rows.find((found) => found.identifier === identifier);
  return (
    row && {
      identityId: row.identity_id,
      identityState: row.state,
      credentialId: row.credential_id,
      identifier: row.identifier,
      config: decodeJson(row.config),
      revision: row.revision,
    }
  );
}

type Columns = IdentityColumns & { credentials: string | null };

const one = (condition: string) =>
  inEveryDialect(
    (sql) =>
      `select ${identityColumns(sql)}, ${credentialColumns(sql)} from identities i where i.nid = ? and ${condition}`,
  );

const byId = statement("identity_by_id", one("i.id = ?"));
const byExternalId = statement("identity_by_external_id", one("i.external_id = ?"));

const withCredentials = (row: Columns): IdentityWithCredentialsRow => ({
  ...decodeIdentity(row),
  credentials: decodeCredentials(row.credentials),
});

/** An identity with all that belongs to it. */
export async function identityById({ db, tenant }: Reach, id: string): Promise<IdentityWithCredentialsRow | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await db.read<Columns>(byId, [tenant.id, id.toLowerCase()]);
  return row && withCredentials(row);
}

/** The identity that has an id elsewhere. */
export async function identityByExternalId(
  { db, tenant }: Reach,
  externalId: string,
): Promise<IdentityWithCredentialsRow | undefined> {
  const rows = await db.read<Columns>(byExternalId, [tenant.id, externalId]);
  const row = rows.find((found) => found["i_external_id"] === externalId);
  return row && withCredentials(row);
}

const pageWithCredentials = statement("identities_page_with_credentials", one("i.id > ? order by i.id limit ?"));

/** Where a page begins, and how much it holds. */
export interface IdentitiesRange {
  /** The last id of the page before; the nil UUID for the first page. */
  after: string;
  limit: number;
}

/** A page of identities with their credentials, in the order of their ids. */
export async function identitiesPageWithCredentials(
  { db, tenant }: Reach,
  { after, limit }: IdentitiesRange,
): Promise<IdentityWithCredentialsRow[]> {
  const rows = await db.read<Columns>(pageWithCredentials, [tenant.id, after, limit]);
  return rows.map(withCredentials);
}
