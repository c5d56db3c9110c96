import type { Context } from "../context.ts";
import { decodeJson, inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import { normaliseIdentifier } from "../schema/normalise.ts";
import { isSetUp } from "./credentials.ts";
import type { CredentialContent } from "./credentials.ts";
import { credentialByIdentifier, identityByExternalId, identityById } from "./statements.ts";
import type { FoundCredential } from "./statements.ts";
import type { IdentityWithCredentialsRow } from "./rows.ts";

/** An identity with all that belongs to it. */
export const findIdentity = ({ db }: Context, id: string): Promise<IdentityWithCredentialsRow | undefined> => identityById(db, id);

/** The identity that another system knows by this id. */
export const findIdentityByExternalId = ({ db }: Context, externalId: string): Promise<IdentityWithCredentialsRow | undefined> =>
  identityByExternalId(db, externalId);

/** The credential of a type that an identifier belongs to, however it was typed. One statement. */
export const findCredential = ({ db }: Context, type: string, identifier: string): Promise<FoundCredential | undefined> =>
  credentialByIdentifier(db, type, normaliseIdentifier(identifier));

/** The password credential that an identifier belongs to, however it was typed. */
export const findPasswordCredential = (ctx: Context, identifier: string): Promise<FoundCredential | undefined> =>
  findCredential(ctx, "password", identifier);

const identified = statement(
  "credentials_by_identifier",
  inEveryDialect(
    ({ text }) => `select distinct c.type, ${text("c.config")} as config from identity_credential_identifiers n
      join identity_credentials o on o.id = n.credential_id
      join identity_credentials c on c.identity_id = o.identity_id
      where n.identifier = ?`,
  ),
);

/** What whoever an identifier belongs to has set up to prove it; empty for nobody. */
export async function findCredentialsBehind({ db }: Context, identifier: string): Promise<CredentialContent[]> {
  const rows = await db.read<{ type: string; config: string }>(identified, [normaliseIdentifier(identifier)]);
  return rows.map(({ type, config }) => ({ type, config: decodeJson<Record<string, unknown>>(config) })).filter(isSetUp);
}
