import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/core";
import { Credential, CredentialIdentifier, Identity, RecoveryAddress, VerifiableAddress } from "./entities.ts";
import type { CredentialRow, IdentityWithCredentialsRow } from "./rows.ts";

const inOrder = { disableIdentityMap: true, orderBy: { id: "asc" } } as const;

/**
 * Reads an identity with all that belongs to it, and keeps others from changing it until the transaction ends. Undefined
 * where there is no such identity.
 */
export async function lockIdentity(em: EntityManager, id: string): Promise<IdentityWithCredentialsRow | undefined> {
  const identity = await em.findOne(Identity, { id }, { disableIdentityMap: true, lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!identity) return undefined;
  const verifiable = await em.find(VerifiableAddress, { identity: id }, inOrder);
  const recovery = await em.find(RecoveryAddress, { identity: id }, inOrder);
  const { schemaId, state, stateChangedAt, traits, createdAt, updatedAt } = identity;
  const { metadataPublic, metadataAdmin, externalId, organizationId, region, secondFactors } = identity;
  return {
    ...{ id, schemaId, state, stateChangedAt, traits, createdAt, updatedAt },
    ...{ metadataPublic, metadataAdmin, externalId, organizationId, region, secondFactors },
    verifiableAddresses: verifiable.map((address) => {
      const { via, value, verified, status, verifiedAt } = address;
      return { ...stamps(address), via, value, verified, status, verifiedAt };
    }),
    recoveryAddresses: recovery.map((address) => ({ ...stamps(address), via: address.via, value: address.value })),
    credentials: await lockCredentials(em, id),
  };
}

async function lockCredentials(em: EntityManager, identity: string): Promise<CredentialRow[]> {
  const credentials = await em.find(Credential, { identity }, inOrder);
  const ids = credentials.map(({ id }) => id);
  const names = ids.length > 0 ? await em.find(CredentialIdentifier, { credential: { $in: ids } }, inOrder) : [];
  return credentials.map((credential) => {
    const { id, type, config, version, revision } = credential;
    const identifiers = names.filter((name) => name.credential.id === id).map(({ identifier }) => identifier);
    return { ...stamps(credential), type, config, version, revision, identifiers };
  });
}

const stamps = ({ id, createdAt, updatedAt }: { id: string; createdAt: Date; updatedAt: Date }) => ({ id, createdAt, updatedAt });
