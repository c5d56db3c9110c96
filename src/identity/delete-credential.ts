import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { availableAal, isFirstFactor } from "./credentials.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "./rows.ts";

/** An identity without one of its credentials. Refuses to take the last one by which it can sign in. */
export function withoutCredential(ctx: Context, before: IdentityWithCredentialsRow, type: string, identifier: string): IdentityWithCredentialsRow {
  const now = ctx.now();
  const credentials = before.credentials;
  const credential = credentials.find((one) => one.type === type);
  if (!credential) throw problem(ErrorReason.NOT_FOUND, { reason: `The identity has no credential of the type ${JSON.stringify(type)}.` });
  const left = remainder(ctx, credential, credentials, identifier, now);
  const remaining = credentials.flatMap((one) => (one === credential ? (left ? [left] : []) : [one]));
  return { ...before, credentials: remaining, availableAal: availableAal(ctx.config, remaining), updatedAt: now };
}

/** What is left of a credential; undefined where nothing is. */
function remainder(
  ctx: Context,
  credential: CredentialRow,
  all: readonly CredentialRow[],
  identifier: string,
  now: Date,
): CredentialRow | undefined {
  switch (credential.type) {
    case "totp":
    case "lookup_secret":
      return undefined;
    case "webauthn":
      return withoutSecondFactorKeys(credential, now);
    case "password":
      assertAnotherFirstFactor(ctx, all);
      // The names stay taken: the identity may set a new password.
      return { ...credential, config: {}, updatedAt: now };
    case "oidc":
    case "saml":
      assertAnotherFirstFactor(ctx, all);
      return withoutProvider(credential, identifier, now);
    default:
      throw refuse(`A credential of the type ${credential.type} cannot be removed.`);
  }
}

function withoutSecondFactorKeys(credential: CredentialRow, now: Date): CredentialRow {
  const keys = (credential.config["credentials"] ?? []) as { is_passwordless?: boolean }[];
  const firstFactors = keys.filter(({ is_passwordless }) => is_passwordless === true);
  if (keys.length > 0 && firstFactors.length === keys.length) throw refuse("These security keys are a first factor and cannot be removed.");
  const config = firstFactors.length > 0 ? { ...credential.config, credentials: firstFactors } : {};
  return { ...credential, config, updatedAt: now };
}

function withoutProvider(credential: CredentialRow, identifier: string, now: Date): CredentialRow | undefined {
  if (!identifier) throw refuse("The parameter identifier has to say which account is meant, as provider:subject.");
  if (!credential.identifiers.includes(identifier)) throw problem(ErrorReason.NOT_FOUND, { reason: "The identity has no such account at a provider." });
  const identifiers = credential.identifiers.filter((one) => one !== identifier);
  if (identifiers.length === 0) return undefined;
  const providers = (credential.config["providers"] ?? []) as { provider: string; subject: string }[];
  const left = providers.filter(({ provider, subject }) => `${provider}:${subject}` !== identifier);
  return { ...credential, identifiers, config: { ...credential.config, providers: left }, updatedAt: now };
}

/** Every account at a provider counts; so does a code, where codes sign in, whether or not there is an address for it. */
function assertAnotherFirstFactor({ config }: Context, credentials: readonly CredentialRow[]): void {
  const factors = credentials.filter(isFirstFactor).map(({ type, identifiers }) => (type === "oidc" || type === "saml" ? identifiers.length : 1));
  const count = factors.reduce((sum, factor) => sum + factor, 0);
  if (count + (config.selfservice.methods.code.passwordless_enabled ? 1 : 0) < 2)
    throw refuse("This is the only way in which the identity can sign in.");
}

const refuse = (reason: string) => problem(ErrorReason.BAD_REQUEST, { reason });
