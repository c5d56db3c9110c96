import { errors, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import type { Context } from "../context.ts";
import { keySetAt } from "./key-sets.ts";
import { openidClaims } from "./openid-claims.ts";
import { ProviderFailure } from "./provider-failure.ts";
import type { Claims, ProviderConfig, UpstreamAccount } from "./provider.ts";

/** What is peculiar to the ID tokens of a provider. */
export interface IdTokenRules {
  readonly issuers: readonly string[];
  /** Where its keys are published. */
  readonly keysAt: string;
  /** Whether a token may come without a nonce: some devices know none. */
  readonly worksWithoutNonce?: (claims: Claims) => boolean;
  /** The status that tells of a token that will not do; 403 unless told otherwise. */
  readonly refusedBy?: 403 | 502;
}

/** Signatures by keys that only the provider has. A shared secret, or none, proves nothing to us here. */
const algorithms = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
const skewSeconds = 60;

/** Errors of the library's that do not tell of the token, but of a provider that did not give its keys. */
const unreachable = ["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"];

/** Judges an ID token that a client got from a provider by itself (OpenID Connect Core 1.0, section 3.1.3.7). */
export async function verifyIdToken(
  ctx: Context,
  { id, client_id, additional_id_token_audiences: more }: ProviderConfig,
  { idToken, nonce }: { readonly idToken: string; readonly nonce: string | undefined },
  { issuers, keysAt, worksWithoutNonce = () => false, refusedBy = 403 }: IdTokenRules,
): Promise<UpstreamAccount> {
  const audience = [client_id, ...more];
  const refuse = (why: string, status: 403 | 502, cause?: unknown) =>
    new ProviderFailure("id_token_verify", "verification_failed", why, { status, cause });
  const { payload } = await jwtVerify(idToken, keySetAt(ctx, keysAt), {
    algorithms,
    audience,
    issuer: [...issuers],
    requiredClaims: ["exp", "sub"],
    clockTolerance: skewSeconds,
    currentDate: ctx.now(),
  }).catch((cause: unknown) => {
    const aboutToken = cause instanceof errors.JOSEError && !unreachable.includes(cause.code);
    throw aboutToken
      ? refuse("The ID token does not hold.", refusedBy, cause)
      : refuse(`The keys of ${JSON.stringify(id)} cannot be had.`, 502, cause);
  });
  if (!isMeantForUs(payload, audience)) throw refuse("The ID token was made for somebody else.", refusedBy);
  if (!payload.sub) throw refuse("The ID token does not say whose it is.", refusedBy);
  const claims = openidClaims(payload);
  const wrong = wrongNonce(payload["nonce"], nonce, worksWithoutNonce(claims));
  if (wrong) throw refuse(wrong, 502);
  // The token has done its work: nothing is kept that somebody could sign in by once more.
  return { claims, tokens: {} };
}

/** A token for several says who has asked for it, which has to be one of ours. */
const isMeantForUs = ({ aud, azp }: JWTPayload, audience: readonly string[]): boolean =>
  !Array.isArray(aud) || aud.length < 2 || (typeof azp === "string" && audience.includes(azp));

/** What is wrong with the nonce of a token, by the one that its client says to have asked with; both in clear, as providers write it. */
function wrongNonce(said: unknown, asked: string | undefined, optional: boolean): string | undefined {
  if (said === undefined || said === "") return optional ? undefined : "The ID token has no nonce.";
  if (!asked) return "The nonce that the ID token was asked for with is missing.";
  return said === asked ? undefined : "The ID token was asked for with another nonce.";
}
