import type { Reach } from "../db/connection.ts";
import { find } from "../db/query.ts";
import { addresses, credentialIdentifiers, credentialKeys, identities } from "./entities.ts";
import { keyHashes } from "./key-rows.ts";
import type { IdentityWithCredentialsRow } from "./rows.ts";

/** What one identity alone may have. */
interface Claims {
  readonly identifiers: readonly { readonly type: string; readonly identifier: string }[];
  readonly addresses: readonly { readonly purpose: string; readonly via: string; readonly value: string }[];
  readonly keys: readonly string[];
  readonly externalId: string | null;
}

function claimsOf(identity: IdentityWithCredentialsRow): Claims {
  const { credentials, verifiableAddresses, recoveryAddresses, externalId } = identity;
  return {
    identifiers: credentials.flatMap(({ type, identifiers }) =>
      identifiers.map((identifier) => ({ type, identifier })),
    ),
    addresses: [
      ...verifiableAddresses.map(({ via, value }) => ({ purpose: "verification", via, value })),
      ...recoveryAddresses.map(({ via, value }) => ({ purpose: "recovery", via, value })),
    ],
    keys: credentials.flatMap(keyHashes),
    externalId,
  };
}

const textOf = (...parts: readonly string[]): string => parts.join("\0");

/** What one identity alone may have, each as a text of its own. */
export function claimTexts(identity: IdentityWithCredentialsRow): string[] {
  const { identifiers, addresses, keys, externalId } = claimsOf(identity);
  return [
    ...identifiers.map(({ type, identifier }) => textOf("identifier", type, identifier)),
    ...addresses.map(({ purpose, via, value }) => textOf("address", purpose, via, value)),
    ...keys.map((key) => textOf("key", key)),
    ...(externalId === null ? [] : [textOf("external", externalId)]),
  ];
}

/**
 * Looks up what of all that some identities claim is another's by now, as texts of `claimTexts`. The unique keys of the database decide all the same: this
 * is for those who write many at once, and would write them one by one if one of them were in the way.
 */
export async function takenClaims(
  reach: Reach,
  wanted: readonly IdentityWithCredentialsRow[],
): Promise<ReadonlySet<string>> {
  const claims = wanted.map(claimsOf);
  const found = await Promise.all([
    takenIdentifiers(
      reach,
      claims.flatMap(({ identifiers }) => identifiers),
    ),
    takenAddresses(
      reach,
      claims.flatMap((one) => one.addresses),
    ),
    takenKeys(
      reach,
      claims.flatMap(({ keys }) => keys),
    ),
    takenExternalIds(
      reach,
      claims.flatMap(({ externalId }) => externalId ?? []),
    ),
  ]);
  return new Set(found.flat());
}

const distinct = (some: readonly string[]): string[] => [...new Set(some)];

async function takenIdentifiers(reach: Reach, some: Claims["identifiers"]): Promise<string[]> {
  if (some.length === 0) return [];
  const types = distinct(some.map(({ type }) => type));
  const names = distinct(some.map(({ identifier }) => identifier));
  const rows = await find(reach, credentialIdentifiers, (query) =>
    query.where("type", "in", types).where("identifier", "in", names),
  );
  return rows.map(({ type, identifier }) => textOf("identifier", type, identifier));
}

async function takenAddresses(reach: Reach, some: Claims["addresses"]): Promise<string[]> {
  if (some.length === 0) return [];
  const purposes = distinct(some.map(({ purpose }) => purpose)) as ("verification" | "recovery")[];
  const ways = distinct(some.map(({ via }) => via)) as ("email" | "sms")[];
  const values = distinct(some.map(({ value }) => value));
  const rows = await find(reach, addresses, (query) =>
    query.where("purpose", "in", purposes).where("via", "in", ways).where("value", "in", values),
  );
  return rows.map(({ purpose, via, value }) => textOf("address", purpose, via, value));
}

async function takenKeys(reach: Reach, some: readonly string[]): Promise<string[]> {
  if (some.length === 0) return [];
  const rows = await find(reach, credentialKeys, (query) => query.where("keyHash", "in", distinct(some)));
  return rows.map(({ keyHash }) => textOf("key", keyHash));
}

async function takenExternalIds(reach: Reach, some: readonly string[]): Promise<string[]> {
  if (some.length === 0) return [];
  const rows = await find(reach, identities, (query) => query.where("externalId", "in", distinct(some)));
  return rows.map(({ externalId }) => textOf("external", externalId!));
}
