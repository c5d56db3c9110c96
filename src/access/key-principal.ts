import { createBoundedCache, type BoundedCache } from "../bounded-cache.ts";
import type { Config } from "../config/config.ts";
import type { Context } from "../context.ts";
import { sha256Hex } from "../crypto/token.ts";
import type { Database, Reach } from "../db/connection.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Principal } from "../principal.ts";
import type { Asking } from "../server/access-demand.ts";
import { clientNetwork } from "../server/client-address.ts";
import { countOutcome } from "../throttle/count-outcomes.ts";
import { bucketWaitMs, takeFromBucket } from "../throttle/token-bucket.ts";
import { defaultTenant } from "../tenant.ts";
import { apiKeyOfSecret, noteKeyUse, type ApiKeyRow } from "./api-keys.ts";
import { isKeySecret, looksLikeKey } from "./key-secret.ts";

/** What it takes to know a key. */
export interface KeyParts {
  readonly config: Config;
  readonly db: Database;
  readonly log: Log;
  readonly now: Context["now"];
}

/** How many wrong keys a client may show, by its network: more are not looked up. */
const wrongKeys = { at_once: 20, per_hour: 600 };

/** Who has just shown a good key is not kept waiting by others behind the same address. */
const mostRemembered = 1024;
const remembered = new WeakMap<Database, BoundedCache<string, true>>();

/**
 * Who a token stands for. It is "none" of our business where it is no key of ours, or where nothing is asked for and it is not
 * valid. The database is asked each time: a key that was revoked is of no use from then on, wherever it was.
 */
export async function principalOfKey(
  parts: KeyParts,
  call: Asking,
  token: string,
  asks: boolean,
): Promise<Principal | "none" | undefined> {
  if (!looksLikeKey(token)) return "none";
  const { config, db, log, now } = parts;
  const client = `admin key ${clientNetwork({ config, call, log })}`;
  const bucket = { db, tenant: defaultTenant, now };
  const hash = sha256Hex(token);
  let good = remembered.get(db);
  if (!good) remembered.set(db, (good = createBoundedCache(mostRemembered)));
  const waitMs = good.get(hash) ? 0 : bucketWaitMs(bucket, client, wrongKeys);
  const found = waitMs > 0 || !isKeySecret(token) ? undefined : await look(parts, call, token);
  if (found) {
    good.set(hash, true);
    await noteKeyUse(found.reach, found.key, now());
    return principal(found);
  }
  countOutcome("invalid keys", waitMs === 0);
  if (waitMs > 0 && asks)
    throw problem(ErrorReason.TOO_MANY_REQUESTS, {
      reason: "Too many invalid API keys were tried from this address.",
      retryAfter: Math.ceil(waitMs / 1000),
    });
  takeFromBucket(bucket, client, wrongKeys);
  return asks ? undefined : "none";
}

interface Found {
  readonly key: ApiKeyRow;
  readonly reach: Reach;
}

/** A key of the server's, or one of the tenant that the call is about. */
async function look({ db, now }: KeyParts, { tenant }: Asking, token: string): Promise<Found | undefined> {
  for (const id of new Set([defaultTenant.id, tenant.id].filter(Boolean))) {
    const reach = { db, tenant: { id } };
    const key = await apiKeyOfSecret(reach, token);
    if (key) return key.expiresAt === null || key.expiresAt > now() ? { key, reach } : undefined;
  }
  return undefined;
}

const principal = ({ key: { id, scopes, allTenants }, reach }: Found): Principal => ({
  kind: "api_key",
  id,
  scopes,
  tenantId: reach.tenant.id,
  allTenants,
});
