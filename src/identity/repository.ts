import type { Context } from "../context.ts";
import { decodeJson, inEveryDialect, texts } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import { normaliseIdentifier } from "../schema/normalise.ts";
import { isSetUp } from "./factors.ts";
import { typesNamedFrom } from "./kinds/index.ts";
import type { CredentialContent } from "./kinds/kind.ts";
import { credentialByIdentifier, identityByExternalId, identityById } from "./statements.ts";
import type { FoundCredential } from "./statements.ts";
import type { IdentityWithCredentialsRow } from "./rows.ts";

/** An identity with all that belongs to it. */
export const findIdentity = (ctx: Context, id: string): Promise<IdentityWithCredentialsRow | undefined> =>
  identityById(ctx, id);

/** The identity that another system knows by this id. */
export const findIdentityByExternalId = (
  ctx: Context,
  externalId: string,
): Promise<IdentityWithCredentialsRow | undefined> => identityByExternalId(ctx, externalId);

/** The credential of a type that an identifier belongs to, however it was typed. One statement. */
export const findCredential = (ctx: Context, type: string, identifier: string): Promise<FoundCredential | undefined> =>
  credentialByIdentifier(ctx, type, normaliseIdentifier(identifier));

// What is no name that people type, an id or the handle of a key, finds nobody here.
const behind = statement(
  "credentials_behind",
  inEveryDialect(
    ({
      text,
    }) => `select distinct c.id, c.type, ${text("c.config")} as config, own.identifier from identity_credential_identifiers n
      join identity_credentials o on o.nid = n.nid and o.id = n.credential_id
      join identity_credentials c on c.nid = o.nid and c.identity_id = o.identity_id
      left join identity_credential_identifiers own on own.nid = c.nid and own.credential_id = c.id
      where n.nid = ? and n.identifier = ? and n.type in (${texts(typesNamedFrom("traits"))})`,
  ),
);

/** What whoever a name belongs to has set up to prove it; empty for nobody. One statement. */
export async function findCredentialsBehind({ db, tenant }: Context, name: string): Promise<CredentialContent[]> {
  const rows = await db.read<{ id: string; type: string; config: string; identifier: string | null }>(behind, [
    tenant.id,
    normaliseIdentifier(name),
  ]);
  const found = new Map<string, CredentialContent>();
  for (const { id, type, config, identifier } of rows) {
    const credential = found.get(id) ?? { type, config: decodeJson<Record<string, unknown>>(config), identifiers: [] };
    if (identifier !== null) credential.identifiers.push(identifier);
    found.set(id, credential);
  }
  return [...found.values()].filter(isSetUp);
}
