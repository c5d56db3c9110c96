import { createHash } from "node:crypto";
import { uuidv7 } from "../db/id.ts";
import { kindOf } from "./kinds/index.ts";
import type { CredentialRow } from "./rows.ts";

/** The SHA-256 of the ids of the keys that a credential holds, in hex: an id can be longer than a column's unique key. */
export const keyHashes = ({ type, config }: Pick<CredentialRow, "type" | "config">): string[] => [
  ...new Set(kindOf(type).keyIds?.(config).map(hashOf)),
];

// By the bytes: base64 has several ways to write them.
const hashOf = (id: string) => createHash("sha256").update(Buffer.from(id, "base64")).digest("hex");

/** The rows that keep the keys of a credential from being registered again, by whomever. */
export const keyRows = (credential: CredentialRow) =>
  keyHashes(credential).map((keyHash) => ({
    id: uuidv7(credential.updatedAt.getTime()),
    credentialId: credential.id,
    keyHash,
    createdAt: credential.updatedAt,
    updatedAt: credential.updatedAt,
  }));
