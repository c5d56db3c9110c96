import type { CredentialConfig } from "./kind.ts";

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
export const keysIn = ({ credentials }: CredentialConfig): readonly StoredKey[] => (Array.isArray(credentials) ? (credentials as StoredKey[]) : []);

/** The ids of the keys that a credential holds. */
export const keyIds = (config: CredentialConfig): string[] => keysIn(config).flatMap((key) => (typeof key?.id === "string" ? [key.id] : []));

/** Whether a key signs in alone. */
export const signsInAlone = ({ is_passwordless }: StoredKey): boolean => is_passwordless === true;
