import { hiddenSecret } from "../config/hide-secrets.ts";
import { check, noFindings, showPath } from "../config/check.ts";
import { refuseFiles } from "../config/overlay.ts";
import { providerSetting } from "../strategies/oidc/config.ts";
import type { ProviderConfig } from "./provider.ts";

/** A provider as it is written down: what would stand in the file. */
export type WrittenProvider = Readonly<Record<string, unknown>>;

/** What came of judging it: a sentence for each fault. */
export type ProviderReading =
  | { readonly kind: "read"; readonly config: ProviderConfig }
  | { readonly kind: "refused"; readonly faults: readonly string[] };

const mostCharacters = 64 * 1024;
// It stands in addresses, and before a colon in the names of credentials.
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Judges a provider that is not in the file, by the schema of the file and some rules more. */
export function readProvider(written: WrittenProvider): ProviderReading {
  if (JSON.stringify(written).length > mostCharacters)
    return { kind: "refused", faults: [`it is longer than ${mostCharacters} characters`] };
  const findings = noFindings();
  const config = check(providerSetting, written, [], findings);
  refuseFiles(written, [], findings);
  const faults = findings.faults.map(({ path, problem }) => `${showPath(path) || "the provider"}: ${problem}`);
  if (typeof written["id"] === "string" && !idPattern.test(written["id"]))
    faults.push("id: must be 1 to 64 letters (A to Z), digits, '.', '-' or '_', and start with a letter or a digit");
  return faults.length ? { kind: "refused", faults } : { kind: "read", config: config as ProviderConfig };
}

const secretKeys = ["client_secret", "apple_private_key"] as const;

/** The secrets of a provider, by the names that they have in the file. */
export type ProviderSecrets = Readonly<Partial<Record<(typeof secretKeys)[number], string>>>;

/** A provider without its secrets, and those. */
export function separateSecrets(written: WrittenProvider): { open: WrittenProvider; secrets: ProviderSecrets } {
  const open: Record<string, unknown> = { ...written };
  const secrets: Record<string, string> = {};
  for (const key of secretKeys) {
    const secret = open[key];
    delete open[key];
    if (typeof secret === "string") secrets[key] = secret;
  }
  return { open, secrets };
}

/** A provider as it is shown: that a secret is there is all that is said of it. */
export function withHiddenSecrets(written: WrittenProvider): WrittenProvider {
  const { open, secrets } = separateSecrets(written);
  return { ...open, ...Object.fromEntries(Object.keys(secrets).map((key) => [key, hiddenSecret])) };
}

/** A provider that is sent back as it was shown, with the secrets that it has. */
export const withKnownSecrets = (sent: WrittenProvider, known: ProviderSecrets): WrittenProvider => ({
  ...sent,
  ...Object.fromEntries(secretKeys.flatMap((key) => (sent[key] === hiddenSecret ? [[key, known[key]]] : []))),
});
