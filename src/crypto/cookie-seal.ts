import { fromBase64Url, openAes, sealAes } from "./aead.ts";
import { keyFor } from "./keys.ts";

/** Browsers drop a cookie whose name and value exceed 4096 bytes together; this leaves room for the name. */
const longestValue = 4000;

/** Seals what a browser keeps for us: nobody reads it, nobody changes it (AES-256-GCM). The first secret seals. */
export function sealCookie(purpose: string, payload: string, secrets: readonly string[]): string {
  const value = sealAes(keyFor(`cookie ${purpose}`, secrets[0]!), payload).toString("base64url");
  if (value.length > longestValue) throw new RangeError(`A sealed value for "${purpose}" does not fit into a cookie.`);
  return value;
}

/** Opens what was sealed by any of the secrets; undefined for everything else. */
export function openCookie(purpose: string, value: string, secrets: readonly string[]): string | undefined {
  const bytes = value.length <= longestValue ? fromBase64Url(value) : undefined;
  if (!bytes) return undefined;
  for (const secret of secrets) {
    const opened = openAes(keyFor(`cookie ${purpose}`, secret), bytes);
    if (opened !== undefined) return opened;
  }
  return undefined;
}
