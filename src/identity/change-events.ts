import { isDeepStrictEqual } from "node:util";
import type { DomainEvent } from "../events/event-types.ts";
import { isSetUp } from "./factors.ts";
import type { CredentialRow, IdentityWithCredentialsRow, RecoveryAddressRow, VerifiableAddressRow } from "./rows.ts";

/** What there is to tell of a new account. That it has addresses goes without saying, that one is verified does not. */
export function creationEvents(identity: IdentityWithCredentialsRow): DomainEvent[] {
  const credentials = identity.credentials.filter(isSetUp).map(({ type }) => type);
  const { id: subjectId, schemaId, state, verifiableAddresses } = identity;
  const verified = verifiableAddresses
    .filter((address) => address.verified)
    .map((address) => verification(subjectId, address));
  return [{ type: "IdentityCreated", subjectId, payload: { schema_id: schemaId, state, credentials } }, ...verified];
}

/** What has happened to an account, by what it was and what it is. Nothing, where both are the same. */
export function changeEvents(before: IdentityWithCredentialsRow, after: IdentityWithCredentialsRow): DomainEvent[] {
  const changed = changedParts(before, after);
  if (changed.length === 0) return [];
  const { id: subjectId } = after;
  return [
    { type: "IdentityUpdated", subjectId, payload: { changed } },
    ...(before.state === after.state
      ? []
      : [{ type: "IdentityStateChanged", subjectId, payload: { from: before.state, to: after.state } } as const]),
    ...credentialChanges(subjectId, before.credentials, after.credentials),
    ...addressChanges(subjectId, "verification", before.verifiableAddresses, after.verifiableAddresses),
    ...verifications(subjectId, before.verifiableAddresses, after.verifiableAddresses),
    ...addressChanges(subjectId, "recovery", before.recoveryAddresses, after.recoveryAddresses),
  ];
}

/** The parts of an account by the names that they have in answers; none tells what is in them. */
const parts: Readonly<Record<string, (identity: IdentityWithCredentialsRow) => unknown>> = {
  schema_id: ({ schemaId }) => schemaId,
  state: ({ state }) => state,
  traits: ({ traits }) => traits,
  metadata_public: ({ metadataPublic }) => metadataPublic,
  metadata_admin: ({ metadataAdmin }) => metadataAdmin,
  external_id: ({ externalId }) => externalId,
  organization_id: ({ organizationId }) => organizationId,
  region: ({ region }) => region,
  credentials: ({ credentials }) => credentials.map(contentOf),
  verifiable_addresses: ({ verifiableAddresses }) =>
    verifiableAddresses.map(({ id, verified, status }) => [id, verified, status]),
  recovery_addresses: ({ recoveryAddresses }) => recoveryAddresses.map(({ id }) => id),
};

const contentOf = ({ type, config, identifiers }: CredentialRow) => [type, config, identifiers.toSorted()];

const changedParts = (before: IdentityWithCredentialsRow, after: IdentityWithCredentialsRow): string[] =>
  Object.entries(parts).flatMap(([name, part]) => (isDeepStrictEqual(part(before), part(after)) ? [] : [name]));

/** A credential counts from when it has been set up: a row that merely keeps its names taken is none yet. */
function credentialChanges(
  subjectId: string,
  before: readonly CredentialRow[],
  after: readonly CredentialRow[],
): DomainEvent[] {
  const types = [...new Set([...before, ...after].map(({ type }) => type))];
  return types.flatMap((credential): DomainEvent[] => {
    const [was, is] = [before, after].map((some) => some.find((one) => one.type === credential && isSetUp(one)));
    if (!was && !is) return [];
    const payload = { credential };
    if (!was) return [{ type: "CredentialAdded", subjectId, payload }];
    if (!is) return [{ type: "CredentialRemoved", subjectId, payload }];
    return isDeepStrictEqual(contentOf(was), contentOf(is)) ? [] : [{ type: "CredentialChanged", subjectId, payload }];
  });
}

type Address = Pick<RecoveryAddressRow, "id" | "via">;

function addressChanges(
  subjectId: string,
  purpose: "verification" | "recovery",
  before: readonly Address[],
  after: readonly Address[],
): DomainEvent[] {
  const missing = (from: readonly Address[], among: readonly Address[]) =>
    from.filter(({ id }) => among.every((one) => one.id !== id));
  const tell = (type: "AddressAdded" | "AddressRemoved", some: readonly Address[]) =>
    some.map(({ id, via }): DomainEvent => ({ type, subjectId, payload: { via, purpose, address_id: id } }));
  return [...tell("AddressRemoved", missing(before, after)), ...tell("AddressAdded", missing(after, before))];
}

function verifications(
  subjectId: string,
  before: readonly VerifiableAddressRow[],
  after: readonly VerifiableAddressRow[],
): DomainEvent[] {
  const known = new Set(before.filter(({ verified }) => verified).map(({ id }) => id));
  return after
    .filter(({ id, verified }) => verified && !known.has(id))
    .map((address) => verification(subjectId, address));
}

const verification = (subjectId: string, { id, via }: VerifiableAddressRow): DomainEvent => ({
  type: "AddressVerified",
  subjectId,
  payload: { via, purpose: "verification", address_id: id },
});
