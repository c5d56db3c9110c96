import { createBoundedCache } from "../bounded-cache.ts";
import type { BoundedCache } from "../bounded-cache.ts";
import type { ClientsConfig } from "../config/outgoing-config.ts";
import { getJson } from "./http.ts";
import type { Json, OutboundContext } from "./http.ts";

/** A document as a provider has published it. */
export interface CachedDocument {
  readonly document: Json;
  /** When it was asked for, in milliseconds since 1970. */
  readonly at: number;
}

interface Kept {
  readonly at: number;
  readonly published: Promise<CachedDocument>;
}

const most = 512;

/** By the limits that they were fetched under: what one configuration may reach another may not. */
const caches = new WeakMap<ClientsConfig, BoundedCache<string, Kept>>();

/** A document that a provider publishes for all, no older than it may be. Who asks meanwhile waits for the same answer. */
export function cachedDocument(ctx: OutboundContext, url: string, freshMs: number): Promise<CachedDocument> {
  const { clients } = ctx.config;
  const cache = caches.get(clients) ?? createBoundedCache<string, Kept>(most);
  caches.set(clients, cache);
  const at = ctx.now().getTime();
  const kept = cache.get(url);
  if (kept && at - kept.at < freshMs) return kept.published;
  const published = getJson(ctx, url).then((document) => ({ document, at }));
  cache.set(url, { at, published });
  published.catch(() => {
    if (cache.get(url)?.published === published) cache.delete(url);
  });
  return published;
}
