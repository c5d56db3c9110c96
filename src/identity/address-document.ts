import { Moment, writeTimestamp } from "../rest/timestamp.ts";

/** An address to which an identity's way back is sent, as its document has it: as REST shows it, so that lists hand it on unread. */
export interface StoredAddress {
  readonly id: string;
  readonly value: string;
  readonly via: "email" | "sms";
  /** Moments by RFC 3339. */
  readonly created_at: string;
  readonly updated_at: string;
}

/** An address that an identity can show to be its own, as its document has it. */
export interface StoredVerifiableAddress extends StoredAddress {
  readonly verified: boolean;
  readonly status: VerifiableAddressRow["status"];
  readonly verified_at?: string;
}

/** An address to which an identity's way back is sent. */
export interface RecoveryAddressRow {
  readonly id: string;
  readonly value: string;
  readonly via: "email" | "sms";
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An address that an identity can show to be its own. */
export interface VerifiableAddressRow extends RecoveryAddressRow {
  readonly verified: boolean;
  readonly status: "pending" | "sent" | "completed";
  readonly verifiedAt: Date | null;
}

const textOf = (moment: Date): string => writeTimestamp(new Moment(moment.getTime()));

/** Turns an address for recovery into its place in the document. */
export const storeRecovery = ({ id, value, via, createdAt, updatedAt }: RecoveryAddressRow): StoredAddress => ({
  id,
  value,
  via,
  created_at: textOf(createdAt),
  updated_at: textOf(updatedAt),
});

/** Turns an address that can be verified into its place in the document. */
export const storeVerifiable = (address: VerifiableAddressRow): StoredVerifiableAddress => ({
  ...storeRecovery(address),
  verified: address.verified,
  status: address.status,
  ...(address.verifiedAt && { verified_at: textOf(address.verifiedAt) }),
});

/** The reverse of `storeRecovery`. */
export const readRecovery = (stored: StoredAddress): RecoveryAddressRow => ({
  id: stored.id,
  value: stored.value,
  via: stored.via,
  createdAt: new Date(stored.created_at),
  updatedAt: new Date(stored.updated_at),
});

/** The reverse of `storeVerifiable`. */
export const readVerifiable = (stored: StoredVerifiableAddress): VerifiableAddressRow => ({
  id: stored.id,
  value: stored.value,
  via: stored.via,
  verified: stored.verified,
  status: stored.status,
  verifiedAt: stored.verified_at === undefined ? null : new Date(stored.verified_at),
  createdAt: new Date(stored.created_at),
  updatedAt: new Date(stored.updated_at),
});
