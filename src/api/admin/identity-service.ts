import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { JsonPatch } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { assertNotLastOwner } from "../../access/administrators.ts";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { Cause, Reason } from "../../events/cause.ts";
import { keepAccountOf } from "../../flows/deletion.ts";
import { withoutCredential } from "../../identity/delete-credential.ts";
import { openConfig } from "../../identity/credential-seal.ts";
import { isCredentialType } from "../../identity/kinds/index.ts";
import { patchIdentity } from "../../identity/patch.ts";
import { findIdentity, findIdentityByExternalId } from "../../identity/repository.ts";
import type { ListedIdentity } from "../../identity/list.ts";
import type { IdentityRow, IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { changeIdentity, createIdentity, deleteIdentity } from "../../identity/write.ts";
import { defineService } from "../../server/dispatch.ts";
import { revokeSessionsOf } from "../../session/repository.ts";
import { exportAccount } from "../export-account.ts";
import { readExpand } from "../expand.ts";
import { presentIdentity } from "../present-identity.ts";
import type { IdentityView } from "../present-identity.ts";
import { createBatch } from "./identity-batch.ts";
import { importIdentities } from "./identity-import.ts";
import { findIdentities } from "./identity-list.ts";
import { newIdentity, replacement } from "./read-identity.ts";

/** Serves identity_service.proto. */
export const identityService = defineService(IdentityService, {
  async listIdentities(request, ctx) {
    const view = viewOf(request);
    const { identities, ...page } = await findIdentities(ctx, request);
    return { identities: identities.map((identity) => show(ctx, identity, view)), ...page };
  },

  async createIdentity({ identity: body }, ctx) {
    if (!body) throw problem(ErrorReason.BAD_REQUEST, { reason: "The request has no body." });
    const identity = await newIdentity(ctx, body);
    const written = await createIdentity(ctx, identity, { reason: "admin.create" });
    if (written.kind === "conflict") throw taken();
    ctx.call.reply.location = new URL(`identities/${identity.id}`, ctx.config.serve.admin.base_url).href;
    return { identity: withoutUnsetMetadata(justMade(show(ctx, identity)), identity) };
  },

  async batchPatchIdentities({ batch }, ctx) {
    return { identities: await createBatch(ctx, batch?.identities ?? []) };
  },

  importIdentities: (received, ctx) => importIdentities(ctx, received),

  async getIdentity({ id, ...asked }, ctx) {
    const view = viewOf(asked);
    return { identity: show(ctx, found(await findIdentity(ctx, id)), view) };
  },

  async getIdentityByExternalID({ externalId, ...asked }, ctx) {
    const view = viewOf(asked);
    return { identity: show(ctx, found(await findIdentityByExternalId(ctx, externalId)), view) };
  },

  async updateIdentity({ id, identity: body }, ctx) {
    if (!body) throw problem(ErrorReason.BAD_REQUEST, { reason: "The request has no body." });
    const identity = await change(ctx, id, "admin.update", await replacement(ctx, body));
    return { identity: withoutUnsetMetadata(show(ctx, identity), identity) };
  },

  async patchIdentity({ id, patch }, ctx) {
    const operations = patch.map(readOperation);
    return {
      identity: show(ctx, await change(ctx, id, "admin.patch", (before) => patchIdentity(ctx, before, operations))),
    };
  },

  async deleteIdentity({ id }, ctx) {
    const deleted =
      isUuid(id) &&
      (await ctx.tx(async (tx) => {
        await assertNotLastOwner(tx, id);
        return deleteIdentity(tx, id.toLowerCase(), { reason: "admin.delete" });
      }));
    if (!deleted) throw problem(ErrorReason.NOT_FOUND);
    return {};
  },

  async cancelIdentityDeletion({ id }, ctx) {
    if (!isUuid(id)) throw problem(ErrorReason.NOT_FOUND);
    await keepAccountOf(ctx, id.toLowerCase());
    return {};
  },

  async exportIdentity({ id }, ctx) {
    return { account: await exportAccount(ctx, found(await findIdentity(ctx, id)), { admin: true }) };
  },

  async deleteIdentityCredentials({ id, type, identifier }, ctx) {
    await change(ctx, id, "admin.delete_credential", (before) => withoutCredential(ctx, before, type, identifier));
    return {};
  },
});

type Change = (before: IdentityWithCredentialsRow) => IdentityWithCredentialsRow | Promise<IdentityWithCredentialsRow>;

async function change(ctx: Context, id: string, reason: Reason, to: Change): Promise<IdentityWithCredentialsRow> {
  const changed = isUuid(id)
    ? await changeIdentity(ctx, id.toLowerCase(), { reason }, (before, tx) => apply(tx, before, { reason }, to))
    : undefined;
  if (!changed) throw problem(ErrorReason.NOT_FOUND);
  if (changed.kind === "conflict") throw taken();
  return changed.value;
}

/** An account that is disabled loses its sessions: they do not come back with it. */
async function apply(
  tx: Context,
  before: IdentityWithCredentialsRow,
  cause: Cause,
  to: Change,
): Promise<IdentityWithCredentialsRow> {
  const after = await to(before);
  if (before.state === "active" && after.state === "inactive") {
    await assertNotLastOwner(tx, before.id);
    await revokeSessionsOf(tx, before.id, cause);
  }
  return after;
}

const taken = () =>
  problem(ErrorReason.CONFLICT, {
    reason: "An identifier, an address or the external_id already belongs to another identity.",
  });

function found<T>(identity: T | undefined): T {
  if (!identity) throw problem(ErrorReason.NOT_FOUND);
  return identity;
}

interface Asked {
  readonly includeCredential: readonly string[];
  readonly expand: readonly string[];
}

/** How identities are shown to whoever asks. */
function viewOf({ includeCredential, expand }: Asked): IdentityView {
  const unknown = includeCredential.find((type) => !isCredentialType(type));
  if (unknown !== undefined)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The value ${JSON.stringify(unknown)} of the parameter include_credential is not a credential type.`,
    });
  const lifecycle = readExpand(expand, ["lifecycle"]).has("lifecycle");
  return { admin: true, lifecycle, include: new Set(includeCredential) };
}

type Shown = ReturnType<typeof presentIdentity>;

function show(ctx: Context, identity: ListedIdentity, view: IdentityView = { admin: true }): Shown {
  const { include } = view;
  if (!include?.size || !("credentials" in identity)) return presentIdentity(identity, ctx.config, view);
  const credentials = identity.credentials.map((credential) =>
    include.has(credential.type)
      ? { ...credential, config: openConfig(ctx.config, credential.type, credential.config) }
      : credential,
  );
  return presentIdentity({ ...identity, credentials }, ctx.config, view);
}

/** Answers to writes leave out metadata that is not there, where answers to reads say null. */
const withoutUnsetMetadata = (shown: Shown, { metadataAdmin }: IdentityRow): Shown =>
  metadataAdmin === null ? { ...shown, metadataAdmin: undefined } : shown;

/** Kratos counts a new credential as version 0 until it is read for the first time. */
function justMade(shown: Shown): Shown {
  for (const [type, credential] of Object.entries(shown.credentials ?? {}))
    if (type !== "code" && type !== "passkey") credential.version = 0;
  return shown;
}

function readOperation({ op, path, value }: JsonPatch): unknown {
  return { op, path, ...(value && { value: toJson(ValueSchema, value) }) };
}
