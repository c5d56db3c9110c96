import type { Context } from "../context.ts";
import { decodeJson, inEveryDialect } from "../db/json-sql.ts";
import { statement } from "../db/statement.ts";
import { readVerifiable } from "./address-document.ts";
import type { StoredVerifiableAddress } from "./address-document.ts";
import type { IdentityWithCredentialsRow, VerifiableAddressRow } from "./rows.ts";
import { identityById } from "./statements.ts";

// SQLite's transactions have the whole file to themselves.
const lock = statement(
  "lock_identity",
  inEveryDialect(
    (_, dialect) => `select id from identities where nid = ? and id = ?${dialect === "sqlite" ? "" : " for update"}`,
  ),
);

/**
 * Reads an identity with all that belongs to it, and keeps others from changing it until the transaction ends. Undefined
 * where there is no such identity.
 */
export async function lockIdentity(tx: Context, id: string): Promise<IdentityWithCredentialsRow | undefined> {
  // Locked before it is read: a statement that has waited for the lock may still see what its belongings were before.
  return (await lockIdentityRow(tx, id)) ? identityById(tx, id) : undefined;
}

const lockAddresses = statement(
  "lock_verifiable_addresses",
  inEveryDialect(
    (sql, dialect) =>
      `select ${sql.text("verifiable_addresses")} as addresses from identities where nid = ? and id = ?${dialect === "sqlite" ? "" : " for update"}`,
  ),
);

/** Reads the addresses of an identity that can be verified, and keeps others from changing it until the transaction ends. */
export async function lockVerifiableAddresses(tx: Context, id: string): Promise<readonly VerifiableAddressRow[]> {
  const [row] = await tx.db.read<{ addresses: string | null }>(lockAddresses, [tx.tenant.id, id]);
  return decodeJson<StoredVerifiableAddress[] | null>(row?.addresses ?? null)?.map(readVerifiable) ?? [];
}

/** Keeps others from changing an identity until the transaction ends. False where there is no such identity. */
export async function lockIdentityRow(tx: Context, id: string): Promise<boolean> {
  const found = await tx.db.read<{ id: string }>(lock, [tx.tenant.id, id]);
  return found.length > 0;
}
