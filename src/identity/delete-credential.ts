import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { canSignIn, isFirstFactor, secondFactorsOf } from "./factors.ts";
import { kindOf } from "./kinds/index.ts";
import { refuse } from "./kinds/refuse.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "./rows.ts";

/** An identity without one of its credentials. Refuses to take the last one by which it can sign in. */
export function withoutCredential(
  ctx: Context,
  before: IdentityWithCredentialsRow,
  type: string,
  identifier: string,
): IdentityWithCredentialsRow {
  const now = ctx.now();
  const credential = before.credentials.find((one) => one.type === type);
  if (!credential)
    throw problem(ErrorReason.NOT_FOUND, {
      reason: `The identity has no credential of type ${JSON.stringify(type)}.`,
    });
  const left = remainder(credential, identifier, now);
  const credentials = before.credentials.flatMap((one) => (one === credential ? (left ? [left] : []) : [one]));
  const takesFactor = isFirstFactor(credential) && !(left && isFirstFactor(left));
  if (takesFactor && !canSignIn(ctx.config, credentials))
    throw refuse("The identity could no longer sign in without this credential.");
  return { ...before, credentials, secondFactors: secondFactorsOf(credentials), updatedAt: now };
}

/** What is left of a credential; undefined where nothing is. */
function remainder(credential: CredentialRow, identifier: string, now: Date): CredentialRow | undefined {
  const { remove } = kindOf(credential.type);
  if (!remove) throw refuse(`A credential of type ${credential.type} cannot be removed.`);
  const left = remove(credential, identifier);
  return left && { ...credential, ...left, updatedAt: now };
}
