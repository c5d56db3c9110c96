import type { Config } from "../config/config.ts";
import { schemaUrl } from "../schema/schema-url.ts";
import type { IdentityRow } from "./rows.ts";

/** An account as plain JSON, by the names that REST gives its members: what templates of messages are made from. */
export function describeIdentity(identity: IdentityRow, config: Config): Record<string, unknown> {
  const { id, schemaId, state, stateChangedAt, traits, metadataPublic, externalId, organizationId } = identity;
  return {
    id,
    ...(externalId !== null && { external_id: externalId }),
    schema_id: schemaId,
    schema_url: schemaUrl(config, schemaId),
    state,
    state_changed_at: stateChangedAt,
    traits,
    verifiable_addresses: identity.verifiableAddresses.map(({ verifiedAt, createdAt, updatedAt, ...address }) => ({
      ...address,
      ...(verifiedAt && { verified_at: verifiedAt }),
      created_at: createdAt,
      updated_at: updatedAt,
    })),
    recovery_addresses: identity.recoveryAddresses.map(({ createdAt, updatedAt, ...address }) => ({
      ...address,
      created_at: createdAt,
      updated_at: updatedAt,
    })),
    metadata_public: metadataPublic,
    created_at: identity.createdAt,
    updated_at: identity.updatedAt,
    organization_id: organizationId,
  };
}
