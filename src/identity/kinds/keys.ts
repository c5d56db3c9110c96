import type { Context } from "../../context.ts";
import type { CredentialConfig } from "./kind.ts";
import { refuse } from "./refuse.ts";

/** Keys of authenticators, in the shape in which they are stored and in which they are brought along. */
export interface KeysImport {
  readonly credentials: readonly StoredKey[];
  /** Base64. */
  readonly user_handle: string;
}

interface StoredKey {
  readonly id?: unknown;
  readonly public_key?: unknown;
  readonly is_passwordless?: boolean;
}

/** The keys that a credential holds; none where it has not been set up. */
export const keysIn = ({ credentials }: CredentialConfig): readonly StoredKey[] =>
  Array.isArray(credentials) ? (credentials as StoredKey[]) : [];

/** The ids of the keys that a credential holds. */
export const keyIds = (config: CredentialConfig): string[] =>
  keysIn(config).flatMap((key) => (typeof key?.id === "string" ? [key.id] : []));

/** Whether a key signs in alone. */
export const signsInAlone = ({ is_passwordless }: StoredKey): boolean => is_passwordless === true;

/** Refuses keys that are broken or weak. */
export async function judgeKeys(config: CredentialConfig): Promise<void> {
  const { credentials = [], user_handle: handle = "" } = config;
  if (!Array.isArray(credentials)) throw refuse("The member credentials must be a list of keys.");
  if (typeof handle !== "string") throw refuse("The member user_handle must be a string.");
  const nameless = credentials.findIndex((key: unknown) => !isNamed(key));
  if (nameless >= 0) throw refuse(`The key credentials[${nameless}] has no id.`);
  // The reader of keys takes megabytes: only who imports keys shall pay for it.
  const { flawOfPublicKey } = await import("../../crypto/cose-key.ts");
  for (const key of keysIn(config)) {
    const flaw = flawOfPublicKey(Buffer.from(String(key.public_key), "base64"));
    if (flaw) throw refuse(`The key ${JSON.stringify(key.id)} cannot be stored: ${flaw}.`);
  }
}

const isNamed = (key: unknown): boolean =>
  typeof key === "object" && key !== null && "id" in key && typeof key.id === "string" && key.id !== "";

/** Takes keys that an administrator brings along: they are stored as they are given. */
export async function acceptKeys(_: Context, given: KeysImport): Promise<KeysImport> {
  await judgeKeys({ ...given });
  return given;
}
