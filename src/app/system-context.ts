import type { Config } from "../config/config.ts";
import { inTransaction } from "../context.ts";
import type { Context } from "../context.ts";
import type { Database } from "../db/connection.ts";
import type { Log } from "../log.ts";
import { requestHeaders } from "../rest/request-headers.ts";
import { replyHeaders } from "../rest/reply-headers.ts";
import type { Tenant } from "../tenant.ts";

/** What the server itself acts with for a tenant, where nobody has called. */
export const systemContext = (
  { db, log, now }: { readonly db: Database; readonly log: Log; readonly now: () => Date },
  { id }: Tenant,
  config: Config,
): Context => ({
  tenant: { id },
  db,
  config,
  log,
  now,
  fetch: globalThis.fetch,
  call: {
    protocol: "grpc",
    tenant: { id, config: () => config },
    headers: requestHeaders({}),
    method: "POST",
    url: config.serve.public.base_url,
    address: config.serve.public.base_url,
    peer: "",
    isNavigation: false,
    isPrefetch: false,
    texts: [],
    reply: { headers: replyHeaders() },
  },
  tx: inTransaction,
});
