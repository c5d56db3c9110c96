import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/core";
import { Credential, CredentialIdentifier, Identity, RecoveryAddress, VerifiableAddress } from "./entities.ts";
import type { CredentialRecord, IdentityRecord } from "./record.ts";

/**
 * Reads an identity with all that belongs to it, and keeps others from changing it until the transaction ends. Undefined
 * where there is no such identity.
 */
export async function lockIdentity(em: EntityManager, id: string): Promise<IdentityRecord | undefined> {
  const found = await em.findOne(Identity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true, disableIdentityMap: true });
  if (!found) return undefined;
  const fresh = { disableIdentityMap: true, orderBy: { id: "asc" } } as const;
  const verifiable = await em.find(VerifiableAddress, { identity: id }, fresh);
  const recovery = await em.find(RecoveryAddress, { identity: id }, fresh);
  const { schemaId, state, traits, metadataPublic, metadataAdmin, externalId, organizationId, region, availableAal } = found;
  return {
    ...{ id, schemaId, state, traits, metadataPublic, metadataAdmin, externalId, organizationId, region, availableAal },
    ...times(found),
    stateChangedAt: found.stateChangedAt?.getTime() ?? null,
    verifiableAddresses: verifiable.map((address) => {
      const { via, value, verified, status } = address;
      return { id: address.id, via, value, verified, status, verifiedAt: address.verifiedAt?.getTime() ?? null, ...times(address) };
    }),
    recoveryAddresses: recovery.map((address) => ({ id: address.id, via: address.via, value: address.value, ...times(address) })),
    credentials: await credentialsOf(em, id),
  };
}

async function credentialsOf(em: EntityManager, identity: string): Promise<CredentialRecord[]> {
  const fresh = { disableIdentityMap: true, orderBy: { id: "asc" } } as const;
  const credentials = await em.find(Credential, { identity }, fresh);
  const identifiers = await em.find(CredentialIdentifier, { credential: { $in: credentials.map(({ id }) => id) } }, fresh);
  return credentials.map((credential) => {
    const { id, type, config, version } = credential;
    const own = identifiers.filter((identifier) => identifier.credential.id === id).map(({ identifier }) => identifier);
    return { id, type, config, version, identifiers: own, ...times(credential) };
  });
}

const times = ({ createdAt, updatedAt }: { createdAt: Date; updatedAt: Date }) => ({
  createdAt: createdAt.getTime(),
  updatedAt: updatedAt.getTime(),
});
