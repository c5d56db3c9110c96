import { fromJson } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue, MessageInitShape } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { IdentityState } from "#gen/ostiary/type/v1/identity_pb.js";
import type { IdentityCredentialsSchema, IdentitySchema } from "#gen/ostiary/type/v1/identity_pb.js";
import type { Config } from "../config/config.ts";
import type { ListedIdentity } from "../identity/list.ts";
import type {
  CredentialRow,
  IdentityRow,
  RecoveryAddressRow,
  ShownIdentity,
  VerifiableAddressRow,
} from "../identity/rows.ts";
import { JsonDocument } from "../rest/json-document.ts";
import { schemaUrl } from "../schema/schema-url.ts";
import { presentTime } from "./present-time.ts";

/** Who an identity is shown to. */
export interface IdentityView {
  /** Administrators see their own metadata, and which credentials there are. */
  readonly admin?: boolean;
  /** Kratos shows it in some lists without its addresses, and without saying where its schema is. */
  readonly bare?: boolean;
  /** Whether it is told when somebody last signed in, and when it is deleted. */
  readonly lifecycle?: boolean;
  /** The credentials whose configuration is shown too. */
  readonly include?: ReadonlySet<string>;
}

/** An identity as the contract has it: as its owner may see it, unless the view says otherwise. */
export function presentIdentity(
  identity: ListedIdentity,
  config: Config,
  view: IdentityView = {},
): MessageInitShape<typeof IdentitySchema> {
  const { id, externalId, schemaId, state, stateChangedAt, traits, region, organizationId } = identity;
  return {
    id,
    externalId: externalId ?? undefined,
    credentials: view.admin && "credentials" in identity ? presentCredentials(identity.credentials, view.include) : {},
    schemaId,
    schemaUrl: view.bare ? "" : schemaUrl(config, schemaId),
    state: state === "active" ? IdentityState.ACTIVE : IdentityState.INACTIVE,
    stateChangedAt: stateChangedAt === null ? undefined : presentTime(stateChangedAt),
    traits: traits as JsonObject,
    verifiableAddresses: view.bare ? [] : listOf(identity.verifiableAddresses, presentVerifiable),
    recoveryAddresses: view.bare ? [] : listOf(identity.recoveryAddresses, presentRecovery),
    metadataPublic: identity.metadataPublic === null ? undefined : value(identity.metadataPublic),
    metadataAdmin: view.admin ? value(identity.metadataAdmin) : undefined,
    createdAt: presentTime(identity.createdAt),
    updatedAt: presentTime(identity.updatedAt),
    organizationId: organizationId ?? undefined,
    region: region ?? undefined,
    ...(view.lifecycle && presentLifecycle(identity)),
  };
}

const presentLifecycle = ({ lastSignInAt, deletionDueAt }: IdentityRow | ShownIdentity) => ({
  lastSignInAt: presentTime(lastSignInAt).ms === 0 ? undefined : presentTime(lastSignInAt),
  deletionScheduledAt: deletionDueAt === null ? undefined : presentTime(deletionDueAt),
});

type Credentials = Record<string, MessageInitShape<typeof IdentityCredentialsSchema>>;

function presentCredentials(credentials: readonly CredentialRow[], include?: ReadonlySet<string>): Credentials {
  const shown: Credentials = {};
  for (const { type, identifiers, config, version, createdAt, updatedAt } of credentials)
    shown[type] = {
      type,
      identifiers,
      config: include?.has(type) ? (config as JsonObject) : undefined,
      version,
      createdAt: presentTime(createdAt),
      updatedAt: presentTime(updatedAt),
    };
  return shown;
}

/** A document of addresses is what REST shows of them. */
function listOf<Row, Init>(held: readonly Row[] | JsonDocument | null, present: (row: Row) => Init): Init[] {
  return held instanceof JsonDocument ? (held as unknown as Init[]) : (held ?? []).map(present);
}

const presentVerifiable = ({
  id,
  value,
  verified,
  via,
  status,
  verifiedAt,
  createdAt,
  updatedAt,
}: VerifiableAddressRow) => ({
  id,
  value,
  verified,
  via,
  status,
  verifiedAt: verifiedAt === null ? undefined : presentTime(verifiedAt),
  createdAt: presentTime(createdAt),
  updatedAt: presentTime(updatedAt),
});

const presentRecovery = ({ id, value, via, createdAt, updatedAt }: RecoveryAddressRow) => ({
  id,
  value,
  via,
  createdAt: presentTime(createdAt),
  updatedAt: presentTime(updatedAt),
});

const nothing = fromJson(ValueSchema, null);

function value(json: unknown): MessageInitShape<typeof ValueSchema> {
  if (json instanceof JsonDocument) return json as MessageInitShape<typeof ValueSchema>;
  return json === null ? nothing : fromJson(ValueSchema, json as JsonValue);
}
