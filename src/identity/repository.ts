import type { Context } from "../context.ts";
import { statement } from "../db/statement.ts";
import { normaliseIdentifier } from "../schema/normalise.ts";
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
  "credential_types_by_identifier",
  `select distinct c.type from identity_credential_identifiers n
    join identity_credentials o on o.id = n.credential_id
    join identity_credentials c on c.identity_id = o.identity_id
    where n.identifier = ?`,
);

/** The kinds of credentials of whoever an identifier belongs to, however it was typed; empty for nobody. */
export async function findIdentifiedMethods({ db }: Context, identifier: string): Promise<string[]> {
  const rows = await db.read<{ type: string }>(identified, [normaliseIdentifier(identifier)]);
  return rows.map(({ type }) => type);
}
