import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { JWK } from "oidc-provider";
import { Provider } from "oidc-provider";
import { createBoundedCache } from "../../bounded-cache.ts";
import type { BoundedCache } from "../../bounded-cache.ts";
import type { Context } from "../../context.ts";
import type { Database } from "../../db/connection.ts";
import { ownPrivateKeys } from "../../tenant/key-ring.ts";
import { issuerOf } from "./issuer.ts";
import { keeperOf } from "./keeper.ts";
import { tokenKeys } from "./key-purpose.ts";
import { tieSessions } from "./session.ts";
import { settingsOf } from "./settings.ts";
import type { ProviderCall } from "./settings.ts";

interface Kept {
  readonly config: Context["config"];
  /** The ids of its keys, the one that signs first. */
  readonly kids: string;
  readonly provider: Provider;
  /** Answers requests; made once, since Koa puts its parts together each time that it is asked for it. */
  readonly answer: ReturnType<Provider["callback"]>;
}

const mostTenants = 256;
const caches = new WeakMap<Database, BoundedCache<string, Kept>>();

const calls = new WeakMap<IncomingMessage, ProviderCall>();

const callBy = (req: IncomingMessage): ProviderCall => calls.get(req)!;

/** Says how a request has come in, before the provider answers it. */
export const noteCall = (req: IncomingMessage, call: ProviderCall): void => void calls.set(req, call);

/** The provider of a tenant, made when it is first needed, and anew where the configuration or the keys have changed. */
export const providerOf = async (ctx: Context): Promise<Provider> => (await keptOf(ctx)).provider;

/** What answers the requests to a tenant's provider. */
export const answerOf = async (ctx: Context): Promise<Kept["answer"]> => (await keptOf(ctx)).answer;

async function keptOf(ctx: Context): Promise<Kept> {
  const keys = (await ownPrivateKeys(ctx, tokenKeys)) as readonly JWK[];
  const kids = keys.map(({ kid }) => kid).join(" ");
  const { database } = ctx.db;
  const cache = caches.get(database) ?? createBoundedCache<string, Kept>(mostTenants);
  caches.set(database, cache);
  const kept = cache.get(ctx.tenant.id);
  const keeper = keeperOf(ctx);
  const { config } = keeper;
  if (kept && kept.config === config && kept.kids === kids) return kept;
  const provider = new Provider(
    issuerOf(keeper),
    settingsOf(keeper, { keys: [...keys] }, ({ req }) => callBy(req)),
  );
  // What the client has called is told by the configuration, not by what proxies say.
  provider.proxy = true;
  tieSessions(provider, keeper, (req) => callBy(req).ctx);
  // Koa would write what it cannot tell a client to standard error.
  (provider as EventEmitter).on("error", (error: Error) =>
    keeper.log.error("the OAuth 2.0 provider failed", { error }),
  );
  provider.on("server_error", (_ctx, error: Error) => keeper.log.error("the OAuth 2.0 provider failed", { error }));
  const made = { config, kids, provider, answer: provider.callback() };
  cache.set(ctx.tenant.id, made);
  return made;
}
