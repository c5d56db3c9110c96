import { isDeepStrictEqual } from "node:util";
import type { Context } from "../context.ts";
import { isUuid } from "../db/id.ts";
import { ErrorReason, problem } from "../errors.ts";
import { jsonFault } from "../text/json-fault.ts";
import type { AddressClaim } from "./addresses.ts";
import { breaksGlass, noBreakGlass } from "./break-glass.ts";
import { openConfig, sealConfig } from "./credential-seal.ts";
import type { CredentialInput } from "./credentials.ts";
import { isCredentialType, kindOf, typesNamedFrom } from "./kinds/index.ts";
import { PatchError, applyPatch, parsePatch } from "./json-patch.ts";
import type { PatchOperation } from "./json-patch.ts";
import { prepareChange } from "./prepare.ts";
import type { CredentialRow, IdentityWithCredentialsRow, VerifiableAddressRow } from "./rows.ts";
import { isRegion } from "./regions.ts";
import { acceptIdentityTraits } from "./traits.ts";

/** What an administrator patches: the identity as it is shown, with the configuration of its credentials. */
interface IdentityDocument {
  schema_id: unknown;
  state: unknown;
  traits: unknown;
  metadata_public?: unknown;
  metadata_admin?: unknown;
  external_id?: unknown;
  organization_id?: unknown;
  region?: unknown;
  verifiable_addresses?: unknown;
  recovery_addresses?: unknown;
  credentials: Record<string, { type?: unknown; identifiers?: unknown; config?: unknown }>;
}

const mostOperations = 1024;

/** An identity as it shall be after a JSON patch (RFC 6902). Members that it does not have are ignored. */
export async function patchIdentity(
  ctx: Context,
  before: IdentityWithCredentialsRow,
  patch: readonly unknown[],
): Promise<IdentityWithCredentialsRow> {
  const document = documentOf(ctx, before);
  if (patch.length > mostOperations) throw refuse(`A patch has at most ${mostOperations} operations.`);
  try {
    const operations = parsePatch(patch).map((operation) => ({
      ...operation,
      path: inOurWords(operation.path, document),
    }));
    for (const operation of operations) assertAllowed(operation);
    applyPatch(document as never, operations);
  } catch (error) {
    if (error instanceof PatchError) throw refuse(`The patch cannot be applied. ${error.message}`);
    throw error;
  }
  // What is small on its way may become large, or deep, by many operations.
  const fault = jsonFault([document.traits, document.metadata_public, document.metadata_admin]);
  if (fault !== undefined) throw refuse(`The patch cannot be applied. ${fault}`);
  if (breaksGlass(document.recovery_addresses)) throw refuse(noBreakGlass);
  const { schema, traits } = await acceptIdentityTraits(ctx, text(document.schema_id, "schema_id"), document.traits);
  const { credentials } = before;
  const changed = changedCredentials(ctx, document, credentials);
  for (const { type, config } of changed) await kindOf(type).judge?.(config);
  return prepareChange(
    ctx,
    { ...before, credentials: credentials.filter(({ type }) => Object.hasOwn(document.credentials, type)) },
    {
      schema,
      traits,
      state: stateOf(document.state),
      metadataPublic: (document.metadata_public ?? null) as IdentityWithCredentialsRow["metadataPublic"],
      metadataAdmin: (document.metadata_admin ?? null) as IdentityWithCredentialsRow["metadataAdmin"],
      externalId: optionalText(document.external_id, "external_id"),
      organizationId: organizationOf(document.organization_id),
      region: regionOf(document.region),
      verifiableAddresses: claimsOf(document.verifiable_addresses, before.verifiableAddresses),
      credentials: changed.map((credential) => ({
        ...credential,
        config: sealConfig(ctx.config, credential.type, credential.config),
      })),
    },
  );
}

/** Kratos knows the members of an identity in any case: `/State` is `/state`. */
function inOurWords(path: string, document: IdentityDocument): string {
  const [, first = "", rest = ""] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  const known = [...Object.keys(document), "external_id", "region"].find((name) => name === first.toLowerCase());
  return known === undefined ? path : `/${known}${rest}`;
}

/** What is not the administrator's to change, or would go past the checks of a method. */
function assertAllowed({ op, path }: PatchOperation): void {
  const lower = path.toLowerCase();
  const denied =
    ["/id", "/statechangedat", "/credentials"].includes(lower) ||
    typesNamedFrom("provider").some((type) => lower.startsWith(`/credentials/${type}`)) ||
    (lower === "/region" && op === "remove");
  if (denied) throw new PatchError(`The path ${path} cannot be changed.`);
}

function documentOf(ctx: Context, identity: IdentityWithCredentialsRow): IdentityDocument {
  const { schemaId, state, traits, metadataPublic, metadataAdmin, externalId, organizationId, region } = identity;
  const { credentials, verifiableAddresses, recoveryAddresses } = identity;
  return structuredClone({
    ...{
      id: identity.id,
      schema_id: schemaId,
      state,
      traits,
      metadata_public: metadataPublic,
      metadata_admin: metadataAdmin,
    },
    ...{ organization_id: organizationId, ...(externalId && { external_id: externalId }), ...(region && { region }) },
    verifiable_addresses: verifiableAddresses.map(describeAddress),
    recovery_addresses: recoveryAddresses.map(({ id, via, value }) => ({ id, via, value })),
    credentials: Object.fromEntries(
      credentials.map((credential) => [credential.type, describeCredential(ctx, credential)]),
    ),
  });
}

const describeAddress = ({ id, via, value, verified, status, verifiedAt }: VerifiableAddressRow) => ({
  ...{ id, via, value, verified, status },
  ...(verifiedAt !== null && { verified_at: verifiedAt.toISOString() }),
});

const describeCredential = (ctx: Context, { type, identifiers, config, version }: CredentialRow) => ({
  ...{ type, identifiers, version },
  // What no patch may touch is not opened for it either.
  config: kindOf(type).naming?.from === "provider" ? config : openConfig(ctx.config, type, config),
});

/** The credentials that the patch has changed, unsealed as it sees them. */
function changedCredentials(
  ctx: Context,
  document: IdentityDocument,
  existing: readonly CredentialRow[],
): CredentialInput[] {
  return Object.entries(document.credentials).flatMap(([type, credential]) => {
    // A patch writes whatever it likes in a credential's place.
    const { type: named, identifiers = [], config = {} } = (credential ?? {}) as typeof credential;
    if (named !== type || !isCredentialType(type)) throw refuse(`The credential ${type} has a different type.`);
    if (!isObject(config) || !isTexts(identifiers)) throw refuse(`The credential ${type} is malformed.`);
    const before = existing.find((credential) => credential.type === type);
    const same = before && alike(describeCredential(ctx, before), { identifiers, config });
    return same ? [] : [{ type, identifiers, config }];
  });
}

const alike = (one: { identifiers: unknown; config: unknown }, other: { identifiers: unknown; config: unknown }) =>
  isDeepStrictEqual(one.identifiers, other.identifiers) && isDeepStrictEqual(one.config, other.config);

/** Only what the patch has changed is claimed: an address that has become verified is done. */
function claimsOf(addresses: unknown, existing: readonly VerifiableAddressRow[]): AddressClaim[] {
  if (!Array.isArray(addresses)) return [];
  return addresses.filter(isObject).flatMap(({ via, value, verified, status, verified_at }): AddressClaim[] => {
    const before = existing.find((address) => address.via === via && address.value === value);
    if (typeof via !== "string" || typeof value !== "string" || typeof verified !== "boolean") return [];
    if (status !== "pending" && status !== "sent" && status !== "completed")
      throw refuse("The status of an address must be pending, sent or completed.");
    const verifiedAt = new Date(typeof verified_at === "string" ? verified_at : Number.NaN);
    return [
      {
        ...{ via, value, verified },
        ...(status !== before?.status && { status }),
        ...(!Number.isNaN(verifiedAt.getTime()) && { verifiedAt }),
      },
    ];
  });
}

const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === "object" && json !== null && !Array.isArray(json);

const isTexts = (json: unknown): json is string[] =>
  Array.isArray(json) && json.every((item) => typeof item === "string");

function stateOf(state: unknown): IdentityWithCredentialsRow["state"] {
  if (state === "active" || state === "inactive") return state;
  throw refuse("The state must be active or inactive.");
}

function organizationOf(id: unknown): string | null {
  const organization = optionalText(id, "organization_id");
  if (organization !== null && !isUuid(organization)) throw refuse("The member organization_id is not a UUID.");
  return organization;
}

function regionOf(name: unknown): string | null {
  const region = optionalText(name, "region");
  if (region !== null && !isRegion(region)) throw refuse("The member region must be a region.");
  return region;
}

function text(json: unknown, name: string): string {
  if (typeof json !== "string") throw refuse(`The member ${name} must be a string.`);
  return json;
}

const optionalText = (json: unknown, name: string): string | null =>
  json === undefined || json === null || json === "" ? null : text(json, name);

const refuse = (reason: string) => problem(ErrorReason.BAD_REQUEST, { reason });
