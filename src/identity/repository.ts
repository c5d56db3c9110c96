import type { Context } from "../context.ts";
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
