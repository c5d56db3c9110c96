import { toJson } from "@bufbuild/protobuf";
import { ValueSchema, timestampDate } from "@bufbuild/protobuf/wkt";
import type { Value } from "@bufbuild/protobuf/wkt";
import { IdentityState } from "#gen/ostiary/type/v1/identity_pb.js";
import type { CreateIdentityBody, UpdateIdentityBody } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { Context } from "../../context.ts";
import { isUuid, uuidv7 } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { AddressClaim } from "../../identity/addresses.ts";
import { noBreakGlass } from "../../identity/break-glass.ts";
import { acceptImports, importCredentials } from "../../identity/import-credentials.ts";
import type { CredentialImports } from "../../identity/import-credentials.ts";
import type { ImportPurpose } from "../../identity/kinds/kind.ts";
import { prepareChange, prepareIdentity } from "../../identity/prepare.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { acceptIdentityTraits } from "../../identity/traits.ts";
import { readCredentialsImport } from "./credentials-import.ts";

type Json = IdentityWithCredentialsRow["metadataPublic"];

/** The identity that a request wants made. */
export async function newIdentity(
  ctx: Context,
  body: CreateIdentityBody,
  purpose?: ImportPurpose,
): Promise<IdentityWithCredentialsRow> {
  const { schema, traits } = await acceptIdentityTraits(ctx, body.schemaId, body.traits ?? {});
  const id = uuidv7(ctx.now().getTime());
  const { organizationId } = body;
  if (organizationId && !isUuid(organizationId))
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The member organization_id is not a UUID." });
  if (body.recoveryAddresses.some(({ breakGlassForOrganization }) => breakGlassForOrganization))
    throw problem(ErrorReason.BAD_REQUEST, { reason: noBreakGlass });
  const imports = await acceptImports(ctx, readCredentialsImport(body.credentials), purpose);
  return prepareIdentity(ctx, {
    id,
    schema,
    traits,
    state: stateOf(body.state),
    metadataPublic: jsonOf(body.metadataPublic),
    metadataAdmin: jsonOf(body.metadataAdmin),
    externalId: body.externalId ?? null,
    organizationId: organizationId || null,
    region: body.region ?? null,
    verifiableAddresses: body.verifiableAddresses.map(claimOf),
    credentials: importCredentials(ctx, id, imports),
  });
}

/**
 * How a request wants an identity to become. Only what has a meaning of its own when it is left out is kept. A password
 * is hashed here and now, and not while the identity is locked.
 */
export async function replacement(
  ctx: Context,
  body: UpdateIdentityBody,
): Promise<(before: IdentityWithCredentialsRow) => Promise<IdentityWithCredentialsRow>> {
  const imports = await acceptImports(ctx, readCredentialsImport(body.credentials));
  return (before) => replacedIdentity(ctx, before, body, imports);
}

async function replacedIdentity(
  ctx: Context,
  before: IdentityWithCredentialsRow,
  body: UpdateIdentityBody,
  imports: CredentialImports,
): Promise<IdentityWithCredentialsRow> {
  const { schema, traits } = await acceptIdentityTraits(ctx, body.schemaId || before.schemaId, body.traits ?? {});
  return prepareChange(ctx, before, {
    schema,
    traits,
    state: stateOf(body.state),
    metadataPublic: jsonOf(body.metadataPublic),
    metadataAdmin: jsonOf(body.metadataAdmin),
    externalId: body.externalId ?? null,
    ...(body.region && { region: body.region }),
    credentials: importCredentials(ctx, before.id, imports, before.credentials),
  });
}

function claimOf(address: CreateIdentityBody["verifiableAddresses"][number]): AddressClaim {
  const { via, value, verified, status, verifiedAt } = address;
  return {
    ...{ via, value, verified },
    ...(isStatus(status) && { status }),
    ...(verifiedAt && { verifiedAt: timestampDate(verifiedAt) }),
  };
}

const isStatus = (status: string) => status === "pending" || status === "sent" || status === "completed";

/** The JSON of a member that may hold any; null where it is left out. */
export const jsonOf = (value: Value | undefined): Json => (value ? (toJson(ValueSchema, value) as Json) : null);

function stateOf(state: IdentityState): IdentityWithCredentialsRow["state"] | undefined {
  if (state === IdentityState.UNSPECIFIED) return undefined;
  return state === IdentityState.INACTIVE ? "inactive" : "active";
}
