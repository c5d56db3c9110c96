import type { CredentialRow } from "../identity/rows.ts";

/** A key as it is stored. Its names are Kratos', and its binary parts base64, so that rows can be moved between the two. */
export interface StoredKey {
  readonly id: string;
  readonly public_key: string;
  readonly attestation_type: string;
  readonly authenticator: {
    readonly aaguid: string;
    readonly sign_count: number;
    readonly clone_warning: boolean;
  };
  readonly display_name: string;
  readonly added_at: string;
  readonly is_passwordless: boolean;
  /** Left out of keys that older versions of Kratos stored. */
  readonly flags?: KeyFlags;
  readonly transport?: readonly string[];
}

/** What an authenticator said of a key when it was last used. */
export interface KeyFlags {
  readonly user_present: boolean;
  readonly user_verified: boolean;
  readonly backup_eligible: boolean;
  readonly backup_state: boolean;
}

/** What a credential of keys holds. */
export interface KeyConfig {
  readonly credentials: readonly StoredKey[];
  /** Base64: the account, as authenticators know it. */
  readonly user_handle: string;
}

/** The keys of a credential; none where it has not been set up. */
export function keysOf(credential: Pick<CredentialRow, "config"> | undefined): readonly StoredKey[] {
  const keys = credential?.config["credentials"];
  return Array.isArray(keys) ? (keys as StoredKey[]).filter((key) => typeof key?.id === "string") : [];
}

/** The account of a credential as authenticators know it; undefined where it has not been set up. */
export function userHandleOf(credential: Pick<CredentialRow, "config"> | undefined): Uint8Array | undefined {
  const handle = credential?.config["user_handle"];
  return typeof handle === "string" && handle !== "" ? bytesOf(handle) : undefined;
}

/** Binary as it is stored: base64 of either alphabet, since imports have both. */
export const bytesOf = (stored: string): Uint8Array => Uint8Array.from(Buffer.from(stored, "base64"));

/** The id of a key as browsers write it. */
export const browserId = ({ id }: Pick<StoredKey, "id">): string => Buffer.from(id, "base64").toString("base64url");

/** The id of a key as buttons that remove it name it. */
export const hexId = ({ id }: Pick<StoredKey, "id">): string => Buffer.from(id, "base64").toString("hex");
