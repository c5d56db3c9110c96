import { createHash } from "node:crypto";
import { uuidv7 } from "../db/id.ts";
import type { CredentialRow } from "./rows.ts";

type WithKeys = Pick<CredentialRow, "type" | "config">;

/** The SHA-256 of the ids of the keys that a credential holds, in hex: an id can be longer than a column's unique key. */
export function keyHashes({ type, config }: WithKeys): string[] {
  if (type !== "webauthn" && type !== "passkey") return [];
  const { credentials } = config;
  const keys: readonly { readonly id?: unknown }[] = Array.isArray(credentials) ? credentials : [];
  return [...new Set(keys.flatMap((key) => (typeof key?.id === "string" ? [hashOf(key.id)] : [])))];
}

// By the bytes: base64 has several ways to write them.
const hashOf = (id: string) => createHash("sha256").update(Buffer.from(id, "base64")).digest("hex");

/** The rows that keep the keys of a credential from being registered again, by whomever. */
export const keyRows = (credential: CredentialRow) =>
  keyHashes(credential).map((keyHash) => ({
    id: uuidv7(credential.updatedAt.getTime()),
    credential: credential.id,
    keyHash,
    createdAt: credential.updatedAt,
    updatedAt: credential.updatedAt,
  }));
