import { uuidv7 } from "../db/id.ts";
import type { RecoveryAddressRow, VerifiableAddressRow } from "./rows.ts";

/** An address that traits hold. */
export interface Address {
  readonly via: "email" | "sms";
  readonly value: string;
}

/** What an administrator knows about an address that has been verified elsewhere. */
export interface AddressClaim {
  readonly via: string;
  readonly value: string;
  readonly verified?: boolean;
  readonly verifiedAt?: Date;
  readonly status?: VerifiableAddressRow["status"];
}

/** The addresses to verify: those that stay keep how far they have come; of claims, those about no trait are dropped. */
export function mergeVerifiable(
  existing: readonly VerifiableAddressRow[],
  fromTraits: readonly Address[],
  claims: readonly AddressClaim[],
  now: Date,
): VerifiableAddressRow[] {
  return distinct(fromTraits).map((address) => {
    const known = existing.find(same(address)) ?? pendingAddress(address, now);
    const claim = claims.find(({ via, value }) => via === address.via && value.trim().toLowerCase() === address.value);
    return claim ? believe(known, claim, now) : known;
  });
}

const pendingAddress = ({ via, value }: Address, now: Date): VerifiableAddressRow => ({
  id: uuidv7(now.getTime()),
  via,
  value,
  verified: false,
  verifiedAt: null,
  status: "pending",
  createdAt: now,
  updatedAt: now,
});

function believe(address: VerifiableAddressRow, claim: AddressClaim, now: Date): VerifiableAddressRow {
  const verified = claim.verified ?? address.verified;
  const status = claim.status ?? (verified ? "completed" : address.status);
  const verifiedAt = verified ? (claim.verifiedAt ?? address.verifiedAt ?? now) : null;
  if (
    verified === address.verified &&
    status === address.status &&
    verifiedAt?.getTime() === address.verifiedAt?.getTime()
  )
    return address;
  return { ...address, verified, status, verifiedAt, updatedAt: now };
}

/** The addresses to which a way back is sent. */
export function mergeRecovery(
  existing: readonly RecoveryAddressRow[],
  fromTraits: readonly Address[],
  now: Date,
): RecoveryAddressRow[] {
  return distinct(fromTraits).map(
    ({ via, value }) =>
      existing.find(same({ via, value })) ?? { id: uuidv7(now.getTime()), via, value, createdAt: now, updatedAt: now },
  );
}

const same = (one: Address) => (other: Address) => one.via === other.via && one.value === other.value;

/** Two traits may hold one address. */
const distinct = (addresses: readonly Address[]): readonly Address[] =>
  addresses.length < 2 ? addresses : addresses.filter((address, index) => addresses.findIndex(same(address)) === index);
