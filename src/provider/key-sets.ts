import { createRemoteJWKSet, customFetch } from "jose";
import type { JWTVerifyGetKey } from "jose";
import { createBoundedCache } from "../bounded-cache.ts";
import type { BoundedCache } from "../bounded-cache.ts";
import type { ClientsConfig } from "../config/outgoing-config.ts";
import type { Context } from "../context.ts";
import { fetchFor } from "./http.ts";

const mostSets = 256;
/** For how long keys are believed without asking again. */
const freshMs = 10 * 60_000;
/** How long a provider is not asked again for keys that it has not published: anybody may name some. */
const pauseMs = 30_000;

/** By the limits that they were fetched under: what one configuration may reach another may not. */
const sets = new WeakMap<ClientsConfig, BoundedCache<string, JWTVerifyGetKey>>();

/** The keys that a provider publishes (RFC 7517), fetched when one is needed that is not known. */
export function keySetAt({ config }: Pick<Context, "config">, url: string): JWTVerifyGetKey {
  const { clients } = config;
  const known = sets.get(clients) ?? createBoundedCache<string, JWTVerifyGetKey>(mostSets);
  sets.set(clients, known);
  const fetchKeys = fetchFor({ config });
  return (
    known.get(url) ??
    known.set(
      url,
      createRemoteJWKSet(new URL(url), {
        cacheMaxAge: freshMs,
        cooldownDuration: pauseMs,
        [customFetch]: (address, { method, headers }) =>
          fetchKeys(address, { method, headers: Object.fromEntries(headers.entries()), body: undefined }),
      }),
    )
  );
}
