import type { Context } from "../context.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import { firstId } from "../db/pages.ts";
import { find } from "../db/query.ts";
import { statement } from "../db/statement.ts";
import { ErrorReason, problem } from "../errors.ts";
import {
  identityByAnyName,
  identityByRecoveryAddress,
  identityByVerifiableAddress,
} from "../identity/address-statements.ts";
import type { AddressKey } from "../identity/address-statements.ts";
import { invitations } from "./entities.ts";

// SQLite's transactions have the whole file to themselves.
const lockTenant = statement(
  "lock_tenant_of_invitations",
  inEveryDialect((_, dialect) => `select id from tenants where id = ?${dialect === "sqlite" ? "" : " for update"}`),
);

/**
 * Refuses, at the beginning of a transaction, to invite somebody who has an account, or who has as many invitations that wait as one may
 * have, but for one. Administrators invite one after the other, behind the tenant's row: what is counted is what there is until the end.
 * Throws INVITATION_RECIPIENT_KNOWN and CONFLICT.
 */
export async function assertMayInvite(tx: Context, recipient: AddressKey, except = firstId): Promise<void> {
  await tx.db.read(lockTenant, [tx.tenant.id]);
  if (await isKnown(tx, recipient))
    throw problem(ErrorReason.INVITATION_RECIPIENT_KNOWN, {
      reason: "An account has this address already: there is nobody to invite.",
    });
  const { max_pending_per_recipient: most } = tx.config.selfservice.invitations;
  const { via, value } = recipient;
  const waiting = await find(tx, invitations, (query) =>
    query
      .where("address", "=", value)
      .where("via", "=", via)
      .where("state", "=", "pending")
      .where("expiresAt", ">", tx.now())
      .where("id", "<>", except)
      .limit(most),
  );
  if (waiting.length >= most)
    throw problem(ErrorReason.CONFLICT, {
      reason:
        most === 1
          ? "An invitation to this address waits to be accepted already. Send that again, or revoke it."
          : `${most} invitations to this address wait to be accepted already. Send one of them again, or revoke one.`,
      details: { invitation_id: waiting[0]!.id },
    });
}

async function isKnown(tx: Context, address: AddressKey): Promise<boolean> {
  const found =
    (await identityByVerifiableAddress(tx, address)) ??
    (await identityByRecoveryAddress(tx, address)) ??
    (await identityByAnyName(tx, address.value));
  return found !== undefined;
}
