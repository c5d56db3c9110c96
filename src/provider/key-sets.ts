import { createLocalJWKSet, errors } from "jose";
import type { JSONWebKeySet, JWTVerifyGetKey } from "jose";
import type { Json, OutboundContext } from "./http.ts";
import { cachedDocument } from "./document-cache.ts";

/** For how long keys are believed without asking again. */
const freshMs = 10 * 60_000;
/** How long a provider is not asked again for keys that it has not published: anybody may name some. */
const pauseMs = 10_000;

const sets = new WeakMap<Json, JWTVerifyGetKey>();

/** The keys that a provider publishes (RFC 7517), fetched anew when one is needed that is not known. */
export const keySetAt =
  (ctx: OutboundContext, url: string): JWTVerifyGetKey =>
  async (header, token) => {
    const { document, at } = await cachedDocument(ctx, url, freshMs);
    try {
      return await setOf(document)(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const anew = await cachedDocument(ctx, url, pauseMs);
      if (anew.at === at) throw error;
      return setOf(anew.document)(header, token);
    }
  };

function setOf(document: Json): JWTVerifyGetKey {
  const known = sets.get(document) ?? createLocalJWKSet(document as unknown as JSONWebKeySet);
  sets.set(document, known);
  return known;
}
