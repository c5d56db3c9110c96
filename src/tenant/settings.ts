import type { Config } from "../config/config.ts";
import { hiddenSecret, hideSecrets } from "../config/hide-secrets.ts";
import { writtenTree } from "../config/written.ts";
import { open, seal, sealingSecrets } from "../crypto/cipher.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { SealedSettings } from "./entities.ts";

/** What a tenant configures otherwise than the server's file does: a part of that file's tree. */
export type Settings = Readonly<Record<string, unknown>>;

/** A tenant's settings as they are stored: sealed by the secrets of the file, since they may hold secrets of their own. */
export const sealSettings = (settings: Settings, file: Config): SealedSettings => ({
  sealed: seal(JSON.stringify(settings), sealingSecrets(file.secrets), hasLastingSecret(file) ? "aes" : "noop"),
});

/** The secret that development mode makes up is gone with the process: what must outlast it is not sealed by it. */
export function hasLastingSecret(file: Config): boolean {
  const { secrets } = writtenTree(file) as { readonly secrets?: Partial<Config["secrets"]> };
  return Boolean(secrets?.cipher?.length || secrets?.default?.length || secrets?.cookie?.length);
}

/** A tenant's settings as they were before they were stored. */
export function openSettings(stored: SealedSettings | null, file: Config): Settings {
  if (!stored) return {};
  const text = open(stored.sealed, sealingSecrets(file.secrets));
  if (text === undefined)
    throw problem(ErrorReason.MISCONFIGURED, {
      reason: "The tenant's settings were encrypted with a secret that this server does not have.",
    });
  return JSON.parse(text) as Settings;
}

/** Settings as an administrator sees them: without their secrets. */
export const withoutSecrets = (settings: Settings): Settings => hideSecrets(settings) as Settings;

/** Settings that an administrator sends back, with the secrets that were not shown. */
export function withKeptSecrets(sent: Settings, before: Settings): Settings {
  return keep(sent, before) as Settings;
}

function keep(sent: unknown, before: unknown): unknown {
  if (sent === hiddenSecret && typeof before === "string") return before;
  if (Array.isArray(sent)) return sent.map((item, at) => keep(item, Array.isArray(before) ? before[at] : undefined));
  if (!isTree(sent)) return sent;
  return Object.fromEntries(
    Object.entries(sent).map(([key, item]) => [key, keep(item, isTree(before) ? before[key] : undefined)]),
  );
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
