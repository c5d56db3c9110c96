import type { EntityManager } from "@mikro-orm/core";
import type { AddressKey } from "./address-statements.ts";
import { VerifiableAddress } from "./entities.ts";

/** Notes that somebody has shown an address to be theirs, in whichever way. */
export async function markVerified(em: EntityManager, identity: string, { via, value }: AddressKey, now: Date): Promise<void> {
  const proven = { verified: true, verifiedAt: now, status: "completed", updatedAt: now } as const;
  await em.nativeUpdate(VerifiableAddress, { identity, via, value, verified: false }, proven);
}

/** Notes that something to verify an address by is on its way. */
export async function markSent(em: EntityManager, { via, value }: AddressKey, now: Date): Promise<void> {
  await em.nativeUpdate(VerifiableAddress, { via, value, verified: false }, { status: "sent", updatedAt: now });
}
