import type { Context } from "../context.ts";
import { sealConfig } from "./credential-seal.ts";
import { setCredentials } from "./credentials.ts";
import type { CredentialInput } from "./credentials.ts";
import { isSetUp, opensSession, secondFactorsOf } from "./factors.ts";
import { kindOf } from "./kinds/index.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "./rows.ts";

const isNamedByTraits = (type: string) => kindOf(type).naming?.from === "traits";

/** An identity with a credential set: a new one, or in the place of the one of its kind. Secrets are sealed on the way. */
export function withCredential(
  ctx: Context,
  before: IdentityWithCredentialsRow,
  input: CredentialInput,
): IdentityWithCredentialsRow {
  const { type } = input;
  const known = before.credentials.find((credential) => credential.type === type);
  const identifiers = isNamedByTraits(type) ? (known?.identifiers ?? []) : input.identifiers;
  const config = sealConfig(ctx.config, type, input.config);
  return withCredentials(ctx, before, setCredentials(before.credentials, [{ type, identifiers, config }], ctx.now()));
}

/** An identity without a credential of a kind. Names that come from the traits stay taken: the kind may be set up again. */
export function withoutCredentialOf(
  ctx: Context,
  before: IdentityWithCredentialsRow,
  type: string,
): IdentityWithCredentialsRow {
  const kept = before.credentials.flatMap((credential): CredentialRow[] => {
    if (credential.type !== type) return [credential];
    return isNamedByTraits(type) ? [{ ...credential, config: {}, updatedAt: ctx.now() }] : [];
  });
  return withCredentials(ctx, before, kept);
}

/** The credential of a kind, if it has been set up. */
export const credentialOf = ({ credentials }: IdentityWithCredentialsRow, type: string): CredentialRow | undefined =>
  credentials.find((credential) => credential.type === type && isSetUp(credential));

/** In how many ways an identity can sign in without this one credential. */
export const otherFirstFactors = (
  { config }: Context,
  { credentials }: IdentityWithCredentialsRow,
  without: string,
): number => credentials.filter((credential) => credential.type !== without && opensSession(config, credential)).length;

const withCredentials = (ctx: Context, before: IdentityWithCredentialsRow, credentials: CredentialRow[]) => ({
  ...before,
  credentials,
  secondFactors: secondFactorsOf(credentials),
  updatedAt: ctx.now(),
});
