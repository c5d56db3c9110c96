import { createHash, timingSafeEqual } from "node:crypto";
import { decodeProtectedHeader, errors } from "jose";
import type { JWTPayload } from "jose";
import { failureOf } from "./provider-step.ts";
import type { OutboundContext } from "./http.ts";
import { verifyByKeySet } from "./key-sets.ts";
import { openidClaims } from "./openid-claims.ts";
import type { Claims, ProviderConfig, UpstreamAccount } from "./provider.ts";

/** Whose ID tokens are believed, and by which keys. */
export interface Issuer {
  readonly issuers: readonly string[];
  /** Where its keys are published. */
  readonly keysAt: string;
}

/** What is peculiar to the ID tokens that native clients get of a provider. */
export interface IdTokenRules extends Issuer {
  /** Whether a token may come without a nonce: some devices know none. */
  readonly worksWithoutNonce?: (claims: Claims) => boolean;
  /** The status that tells of a token that will not do; 403 unless told otherwise. */
  readonly refusedBy?: 403 | 502;
}

type Refusal = 400 | 403 | 502;

/** Signatures by keys that only the provider has. A shared secret, or none, proves nothing to us here. */
const algorithms = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
const skewSeconds = 60;

/** Judges an ID token that a client got from a provider by itself (OpenID Connect Core 1.0, section 3.1.3.7). */
export async function verifyIdToken(
  ctx: OutboundContext,
  { client_id, additional_id_token_audiences: more }: ProviderConfig,
  { idToken, nonce }: { readonly idToken: string; readonly nonce: string | undefined },
  { worksWithoutNonce = () => false, refusedBy = 403, ...issuer }: IdTokenRules,
): Promise<UpstreamAccount> {
  const payload = await judge(ctx, idToken, { ...issuer, audience: [client_id, ...more], refusedBy });
  const claims = openidClaims(payload);
  const wrong = wrongNonce(payload["nonce"], nonce, worksWithoutNonce(claims));
  if (wrong) throw refusal(wrong, 502);
  // The token has done its work: nothing is kept that somebody could sign in by once more.
  return { claims, tokens: {} };
}

/** What an ID token has to repeat that came with an access token, for the request that it answers. */
export interface Expected {
  readonly nonce: string | undefined;
  readonly accessToken: string;
}

/** Judges an ID token that a provider has given out for a code (OpenID Connect Core 1.0, section 3.1.3.7). */
export async function verifyGivenToken(
  ctx: OutboundContext,
  { client_id }: ProviderConfig,
  idToken: string,
  issuer: Issuer,
  { nonce, accessToken }: Expected,
): Promise<JWTPayload> {
  const payload = await judge(ctx, idToken, { ...issuer, audience: [client_id], refusedBy: 400 });
  if (nonce !== undefined && payload["nonce"] !== nonce)
    throw refusal("The nonce of the ID token does not match.", 400);
  const { azp: askedBy, at_hash: hash } = payload;
  // An app's token may name the app, whose server is its audience; here nobody else has asked.
  if (askedBy !== undefined && askedBy !== client_id)
    throw refusal("The ID token was issued for a different client.", 400);
  if (hash !== undefined && !isHashOf(hash, accessToken, decodeProtectedHeader(idToken).alg ?? ""))
    throw refusal("The ID token does not match the access token.", 400);
  return payload;
}

interface Judging extends Issuer {
  readonly audience: readonly string[];
  readonly refusedBy: Refusal;
}

async function judge(
  ctx: OutboundContext,
  idToken: string,
  { issuers, keysAt, audience, refusedBy }: Judging,
): Promise<JWTPayload> {
  const { payload } = await verifyByKeySet(ctx, keysAt, idToken, {
    algorithms,
    audience: [...audience],
    issuer: [...issuers],
    requiredClaims: ["exp", "sub"],
    clockTolerance: skewSeconds,
    currentDate: ctx.now(),
  }).catch((cause: unknown) => {
    const aboutToken = cause instanceof errors.JOSEError && cause.code !== "ERR_JWKS_INVALID";
    throw aboutToken ? refusal("The ID token is invalid.", refusedBy, cause) : failureOf("id_token_verify", cause);
  });
  if (payload.iat !== undefined && payload.iat > ctx.now().getTime() / 1000 + skewSeconds)
    throw refusal("The ID token is not valid yet.", refusedBy);
  if (!isMeantForUs(payload, audience)) throw refusal("The ID token was issued for a different client.", refusedBy);
  if (!payload.sub) throw refusal("The ID token has no subject.", refusedBy);
  return payload;
}

const refusal = (says: string, status: Refusal, cause?: unknown) =>
  failureOf("id_token_verify", cause, { says, status });

/** A token for several says who has asked for it, which has to be one of ours. */
const isMeantForUs = ({ aud, azp }: JWTPayload, audience: readonly string[]): boolean =>
  !Array.isArray(aud) || aud.length < 2 || (typeof azp === "string" && audience.includes(azp));

/** Whether a hash is that of an access token (OpenID Connect Core 1.0, section 3.1.3.6). */
function isHashOf(hash: unknown, accessToken: string, algorithm: string): boolean {
  const digest = algorithm.startsWith("Ed") ? "sha512" : `sha${/\d+$/.exec(algorithm)?.[0] ?? "256"}`;
  const whole = createHash(digest).update(accessToken).digest();
  const expected = Buffer.from(whole.subarray(0, whole.length / 2).toString("base64url"));
  const said = Buffer.from(String(hash));
  return said.length === expected.length && timingSafeEqual(said, expected);
}

/** What is wrong with the nonce of a token, by the one that its client says to have asked with; both in clear, as providers write it. */
function wrongNonce(said: unknown, asked: string | undefined, optional: boolean): string | undefined {
  if (said === undefined || said === "") return optional ? undefined : "The ID token has no nonce.";
  if (!asked) return "The ID token has a nonce, but the request did not include it.";
  return said === asked ? undefined : "The nonce of the ID token does not match.";
}
