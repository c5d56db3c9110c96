import type { Context } from "../../context.ts";
import type { PublicJwk } from "../../crypto/jws.ts";
import { ownPublicKeys } from "../../tenant/key-ring.ts";
import { errorMessage } from "../../text/error-message.ts";
import { keySetAt } from "./key-set.ts";
import { sessionKeys } from "./key-purpose.ts";

/** By what others check the tokens of sessions. */
export interface PublishedKeys {
  readonly keys: readonly PublicJwk[];
  /** Whether all key sets could be read. */
  readonly complete: boolean;
}

/** The public halves of all keys by which sessions of the tenant are signed, each once. */
export async function publishedKeys(ctx: Context): Promise<PublishedKeys> {
  const templates = Object.values(ctx.config.session.whoami.tokenizer.templates);
  if (templates.length === 0) return { keys: [], complete: true };
  const urls = new Set(templates.flatMap(({ jwks_url: url }) => url ?? []));
  const sets = await Promise.all([...urls].map((url) => publishedIn(ctx, url)));
  const keys = [...(await ownPublicKeys(ctx, sessionKeys)), ...sets.flatMap((set) => set ?? [])];
  const byContent = new Map(keys.map((key) => [JSON.stringify(key), key]));
  return { keys: [...byContent.values()], complete: !sets.includes(undefined) };
}

async function publishedIn(ctx: Context, url: string): Promise<readonly PublicJwk[] | undefined> {
  try {
    return (await keySetAt(url, ctx.config.clients)).published;
  } catch (error) {
    ctx.log.error("a key set that signs sessions cannot be read", { reason: errorMessage(error) });
    return undefined;
  }
}
