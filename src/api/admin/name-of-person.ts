import type { IdentityRow } from "../../identity/rows.ts";

/** A name for an identity that people know: an address of it, else its id. */
export const nameOfPerson = ({ id, verifiableAddresses, recoveryAddresses }: IdentityRow): string =>
  [...verifiableAddresses, ...recoveryAddresses][0]?.value ?? id;
