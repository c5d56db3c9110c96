import type { Context } from "../context.ts";
import { open, seal, sealingSecrets } from "../crypto/cipher.ts";
import type { Database } from "../db/connection.ts";
import { directoryOf } from "./directory.ts";
import { hasLastingSecret } from "./settings.ts";

/** Whose secrets seal: a context's, or what is left of one. */
type Sealing = Pick<Context, "config"> & { readonly db: { readonly database: Database } };

/**
 * Seals what servers keep in the database to prove themselves with. Kratos' `noop` is for tokens of people: nothing of this
 * is left clear for it.
 */
export function sealKept({ config, db }: Sealing, text: string): string {
  const { algorithm } = config.ciphers;
  const lasting = hasLastingSecret(directoryOf(db.database).default.config());
  const cipher = !lasting ? "noop" : algorithm === "noop" ? "aes" : algorithm;
  return seal(text, sealingSecrets(config.secrets), cipher);
}

/** The opposite, of JSON; undefined where it was sealed by a secret that this server does not have. */
export function openKept<T>({ config }: Pick<Context, "config">, sealed: string): T | undefined {
  const text = open(sealed, sealingSecrets(config.secrets));
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
