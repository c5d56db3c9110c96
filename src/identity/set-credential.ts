import type { Context } from "../context.ts";
import { sealConfig } from "./credential-seal.ts";
import { availableAal, mergeCredentials, opensSession } from "./credentials.ts";
import type { CredentialInput } from "./credentials.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "./rows.ts";

/** An identity with a credential set: a new one, or in the place of the one of its kind. Secrets are sealed on the way. */
export function withCredential(ctx: Context, before: IdentityWithCredentialsRow, input: CredentialInput): IdentityWithCredentialsRow {
  const sealed = { ...input, config: sealConfig(ctx.config, input.type, input.config) };
  const names = { password: namesOf(before, "password"), webauthn: namesOf(before, "webauthn"), code: [] };
  const code = before.credentials.filter(({ type }) => type === "code");
  const others = before.credentials.filter(({ type }) => type !== "code");
  return withCredentials(ctx, before, [...mergeCredentials(others, names, [sealed], ctx.now()), ...code]);
}

/** An identity without a credential of a kind. Names that come from the traits stay taken: the kind may be set up again. */
export function withoutCredentialOf(ctx: Context, before: IdentityWithCredentialsRow, type: string): IdentityWithCredentialsRow {
  const kept = before.credentials.flatMap((credential): CredentialRow[] => {
    if (credential.type !== type) return [credential];
    return type === "webauthn" || type === "password" ? [{ ...credential, config: {}, updatedAt: ctx.now() }] : [];
  });
  return withCredentials(ctx, before, kept);
}

/** The credential of a kind, if it has been set up: a row is there as soon as the traits make its kind possible. */
export const credentialOf = ({ credentials }: IdentityWithCredentialsRow, type: string): CredentialRow | undefined =>
  credentials.find((credential) => credential.type === type && Object.keys(credential.config).length > 0);

/** In how many ways an identity can sign in without this one credential. */
export const otherFirstFactors = ({ config }: Context, { credentials }: IdentityWithCredentialsRow, without: string): number =>
  credentials.filter((credential) => credential.type !== without && opensSession(config, credential)).length;

/** Whether an identity can sign in at all. */
export const canSignIn = ({ config }: Context, { credentials }: IdentityWithCredentialsRow): boolean =>
  credentials.some((credential) => opensSession(config, credential));

const namesOf = ({ credentials }: IdentityWithCredentialsRow, type: string) =>
  credentials.find((credential) => credential.type === type)?.identifiers ?? [];

const withCredentials = (ctx: Context, before: IdentityWithCredentialsRow, credentials: CredentialRow[]) => ({
  ...before,
  credentials,
  availableAal: availableAal(ctx.config, credentials),
  updatedAt: ctx.now(),
});
