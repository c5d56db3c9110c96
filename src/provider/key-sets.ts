import { createLocalJWKSet, decodeProtectedHeader, errors, jwtVerify } from "jose";
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions, JWTVerifyResult } from "jose";
import type { Json, OutboundContext } from "./http.ts";
import { cachedDocument } from "./document-cache.ts";

/** For how long keys are believed without asking again. */
const freshMs = 10 * 60_000;
/** How long a provider is not asked again for keys that it has not published: anybody may name some. */
const pauseMs = 10_000;

const sets = new WeakMap<Json, JWTVerifyGetKey>();

/** So many keys are tried for a token that names none: a provider has a few, and each costs a signature's work. */
const mostTried = 8;

type Verified = JWTVerifyResult<JWTPayload>;

/**
 * Verifies a token by the keys that a provider publishes (RFC 7517), which are fetched anew when the one that it names is not
 * known. A token that names none is tried with each that could have signed it (RFC 7515, section 4.1.4).
 */
export async function verifyByKeySet(
  ctx: OutboundContext,
  url: string,
  token: string,
  options: JWTVerifyOptions,
): Promise<Verified> {
  const { document, at } = await cachedDocument(ctx, url, freshMs);
  try {
    return await verifyByAny(token, setOf(document), options);
  } catch (error) {
    if (!mayBeSignedByNewKey(error, token)) throw error;
    const anew = await cachedDocument(ctx, url, pauseMs);
    if (anew.at === at) throw error;
    return verifyByAny(token, setOf(anew.document), options);
  }
}

/** Of a token that names no key, a signature that does not hold is all that tells of a new one. */
const mayBeSignedByNewKey = (error: unknown, token: string): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  (error instanceof errors.JWSSignatureVerificationFailed && decodeProtectedHeader(token).kid === undefined);

async function verifyByAny(token: string, keys: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<Verified> {
  try {
    return await jwtVerify(token, keys, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let tried = 0;
    for await (const key of error) {
      if (++tried > mostTried) break;
      const verified = await unlessOfAnother(jwtVerify(token, key, options));
      if (verified) return verified;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

const unlessOfAnother = (verifying: Promise<Verified>): Promise<Verified | undefined> =>
  verifying.catch((error: unknown) => {
    if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
    throw error;
  });

function setOf(document: Json): JWTVerifyGetKey {
  const known = sets.get(document) ?? createLocalJWKSet(document as unknown as JSONWebKeySet);
  sets.set(document, known);
  return known;
}
