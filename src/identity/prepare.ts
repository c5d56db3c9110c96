import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { IdentitySchema } from "../schema/identity-schema.ts";
import { identifiersOf } from "../schema/identifiers.ts";
import { mergeRecovery, mergeVerifiable } from "./addresses.ts";
import type { AddressClaim } from "./addresses.ts";
import { nameCredentials, setCredentials } from "./credentials.ts";
import type { CredentialInput } from "./credentials.ts";
import { secondFactorsOf } from "./factors.ts";
import type { IdentityWithCredentialsRow } from "./rows.ts";

/** What an identity shall be. Its traits have been validated and normalised already. */
export interface IdentityInput {
  /** The id of a new identity, where it has been chosen already. */
  readonly id?: string;
  readonly schema: IdentitySchema;
  readonly traits: Record<string, unknown>;
  readonly state?: IdentityWithCredentialsRow["state"];
  readonly metadataPublic?: IdentityWithCredentialsRow["metadataPublic"];
  readonly metadataAdmin?: IdentityWithCredentialsRow["metadataAdmin"];
  readonly externalId?: string | null;
  readonly organizationId?: string | null;
  readonly region?: string | null;
  readonly credentials?: readonly CredentialInput[];
  readonly verifiableAddresses?: readonly AddressClaim[];
}

const never = new Date(0);

/** An identity in the making: what its traits name, and where it can be reached, is drawn from them. Writes nothing. */
export function prepareIdentity(ctx: Context, input: IdentityInput): IdentityWithCredentialsRow {
  const now = ctx.now();
  return complete(ctx, input, {
    id: input.id ?? uuidv7(now.getTime()),
    schemaId: input.schema.id,
    state: input.state ?? "active",
    stateChangedAt: now,
    traits: input.traits,
    metadataPublic: input.metadataPublic ?? null,
    metadataAdmin: input.metadataAdmin ?? null,
    externalId: input.externalId || null,
    organizationId: input.organizationId ?? null,
    region: input.region || null,
    secondFactors: "",
    lastSignInAt: never,
    deletionDueAt: null,
    createdAt: now,
    updatedAt: now,
    verifiableAddresses: [],
    recoveryAddresses: [],
    credentials: [],
  });
}

/**
 * An identity as it shall be after a change; what the input leaves out stays as it is. Addresses that stay keep how far
 * their verification has come, and credentials that are not named in the input stay.
 */
export function prepareChange(
  ctx: Context,
  before: IdentityWithCredentialsRow,
  input: IdentityInput,
): IdentityWithCredentialsRow {
  const now = ctx.now();
  const state = input.state ?? before.state;
  return complete(ctx, input, {
    ...before,
    schemaId: input.schema.id,
    state,
    stateChangedAt: state === before.state ? before.stateChangedAt : now,
    traits: input.traits,
    metadataPublic: input.metadataPublic === undefined ? before.metadataPublic : input.metadataPublic,
    metadataAdmin: input.metadataAdmin === undefined ? before.metadataAdmin : input.metadataAdmin,
    externalId: input.externalId === undefined ? before.externalId : input.externalId || null,
    organizationId: input.organizationId === undefined ? before.organizationId : input.organizationId,
    region: input.region === undefined ? before.region : input.region || null,
    updatedAt: now,
  });
}

// As many letters as the database has room for.
const longestExternalId = 512;

function complete(
  ctx: Context,
  { schema, traits, ...input }: IdentityInput,
  identity: IdentityWithCredentialsRow,
): IdentityWithCredentialsRow {
  const now = identity.updatedAt;
  if ((identity.externalId ?? "").length > longestExternalId)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The external_id is longer than ${longestExternalId} characters.`,
    });
  const named = identifiersOf(schema, traits);
  const credentials = nameCredentials(setCredentials(identity.credentials, input.credentials ?? [], now), named, now);
  return {
    ...identity,
    credentials,
    verifiableAddresses: mergeVerifiable(
      identity.verifiableAddresses,
      named.verification,
      input.verifiableAddresses ?? [],
      now,
    ),
    recoveryAddresses: mergeRecovery(identity.recoveryAddresses, named.recovery, now),
    secondFactors: secondFactorsOf(credentials),
  };
}
