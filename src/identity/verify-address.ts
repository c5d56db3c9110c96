import type { Context } from "../context.ts";
import { change } from "../db/query.ts";
import type { AddressKey } from "./address-statements.ts";
import { verifiableAddresses } from "./entities.ts";

/** Notes that somebody has shown an address to be theirs, in whichever way. */
export async function markVerified(ctx: Context, identityId: string, { via, value }: AddressKey): Promise<void> {
  const now = ctx.now();
  const proven = { verified: true, verifiedAt: now, status: "completed", updatedAt: now } as const;
  await change(ctx, verifiableAddresses, proven, (query) =>
    query.where("identityId", "=", identityId).where("via", "=", via).where("value", "=", value).where("verified", "=", false),
  );
}

/** Notes that something to verify an address by is on its way. */
export async function markSent(ctx: Context, { via, value }: AddressKey): Promise<void> {
  await change(ctx, verifiableAddresses, { status: "sent", updatedAt: ctx.now() }, (query) =>
    query.where("via", "=", via).where("value", "=", value).where("verified", "=", false),
  );
}
