import type { Context } from "../context.ts";
import { open, seal, sealingSecrets } from "../crypto/cipher.ts";
import { directoryOf } from "../tenant/directory.ts";
import { hasLastingSecret } from "../tenant/settings.ts";
import type { ProviderSecrets } from "./written-provider.ts";

/** Seals the secrets of a provider for the database, as one document; null where it has none. */
export function sealProviderSecrets({ config, db }: Context, secrets: ProviderSecrets): string | null {
  if (Object.keys(secrets).length === 0) return null;
  const { algorithm } = config.ciphers;
  const lasting = hasLastingSecret(directoryOf(db.database).default.config());
  // Kratos' `noop` is for tokens of people; what a server proves itself with is not left clear for it.
  const cipher = !lasting ? "noop" : algorithm === "noop" ? "aes" : algorithm;
  return seal(JSON.stringify(secrets), sealingSecrets(config.secrets), cipher);
}

/** The opposite; undefined where they were sealed by a secret that this server does not have. */
export function openProviderSecrets(
  { config }: Pick<Context, "config">,
  sealed: string | null,
): ProviderSecrets | undefined {
  if (sealed === null) return {};
  const text = open(sealed, sealingSecrets(config.secrets));
  try {
    return text === undefined ? undefined : (JSON.parse(text) as ProviderSecrets);
  } catch {
    return undefined;
  }
}
