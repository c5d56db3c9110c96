import { fromJson, toJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { OAuth2ClientRegistrationSchema, OAuth2ClientService } from "#gen/ostiary/admin/v1/oauth2_client_service_pb.js";
import type { OAuth2ClientRegistration } from "#gen/ostiary/admin/v1/oauth2_client_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { PatchError, applyPatch, parsePatch } from "../../identity/json-patch.ts";
import {
  addClient,
  clientById,
  clientsPage,
  removeClient,
  replaceClient,
  secretOf,
} from "../../oauth2/embedded/clients.ts";
import type { ClientRow } from "../../oauth2/embedded/clients.ts";
import type { ClientDocument } from "../../oauth2/embedded/entities.ts";
import { keeperOf } from "../../oauth2/embedded/keeper.ts";
import { readClient } from "../../oauth2/embedded/register.ts";
import { defineService } from "../../server/dispatch.ts";
import { forbidKeeping } from "../../session/carrier.ts";
import { assertEmbedded } from "../assert-embedded.ts";
import { presentTime } from "../present-time.ts";
import { pageById } from "./page-by-id.ts";

/** Serves oauth2_client_service.proto. */
export const oauth2ClientService = defineService(OAuth2ClientService, {
  async createOAuth2Client({ client }, ctx) {
    assertEmbedded(ctx);
    const wanted = await readClient(ctx, documentOf(client));
    const row = await addClient(keeperOf(ctx), wanted);
    forbidKeeping(ctx);
    const id = encodeURIComponent(row.clientId);
    ctx.call.reply.location = new URL(`admin/clients/${id}`, ctx.config.serve.admin.base_url).href;
    return { client: present(row, wanted.secret) };
  },

  async listOAuth2Clients(request, ctx) {
    assertEmbedded(ctx);
    const { rows, nextPageToken } = await pageById(ctx, request, (after, limit) =>
      clientsPage(keeperOf(ctx), after, limit),
    );
    return { clients: rows.map((row) => present(row)), nextPageToken };
  },

  async getOAuth2Client({ id }, ctx) {
    return { client: present(await named(ctx, id)) };
  },

  async setOAuth2Client({ id, client }, ctx) {
    return { client: await put(ctx, await named(ctx, id), documentOf(client)) };
  },

  async patchOAuth2Client({ id, patch }, ctx) {
    const row = await named(ctx, id);
    const document = { ...structuredClone(row.metadata) };
    try {
      applyPatch(
        document,
        parsePatch(
          patch.map(({ op, path, value }) => ({ op, path, ...(value && { value: toJson(ValueSchema, value) }) })),
        ),
      );
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      throw problem(ErrorReason.BAD_REQUEST, { reason: error.message });
    }
    return { client: await put(ctx, row, { ...unnamedIn(row, document), ...documentOf(clientOf(document)) }) };
  },

  async deleteOAuth2Client({ id }, ctx) {
    assertEmbedded(ctx);
    if (!(await removeClient(ctx, id))) throw missing();
    return {};
  },
});

const missing = () => problem(ErrorReason.NOT_FOUND, { reason: "The client does not exist." });

async function named(ctx: Context, id: string): Promise<ClientRow> {
  assertEmbedded(ctx);
  const row = await clientById(keeperOf(ctx), id);
  if (!row) throw missing();
  return row;
}

/** Puts what somebody says of a client in the place of what it was. */
async function put(ctx: Context, row: ClientRow, said: ClientDocument): Promise<OAuth2ClientRegistration> {
  const keeper = keeperOf(ctx);
  const wanted = await readClient(ctx, { ...said, client_id: row.clientId }, secretOf(keeper, row));
  if (!(await replaceClient(keeper, wanted))) throw missing();
  const shown = typeof said["client_secret"] === "string" ? wanted.secret : undefined;
  if (shown !== undefined) forbidKeeping(ctx);
  return present({ ...row, metadata: wanted.metadata, updatedAt: ctx.now() }, shown);
}

const inContract = new Set(OAuth2ClientRegistrationSchema.fields.map(({ name }) => name));

/** What the contract does not name of a client, which has registered itself with more: it stays. Throws BAD_REQUEST for what is not there either. */
function unnamedIn({ metadata }: ClientRow, document: ClientDocument): ClientDocument {
  const unnamed = Object.entries(document).filter(([name]) => !inContract.has(name));
  const unknown = unnamed.find(([name]) => !Object.hasOwn(metadata, name));
  if (unknown) throw problem(ErrorReason.BAD_REQUEST, { reason: `A client has no member ${unknown[0]} here.` });
  return Object.fromEntries(unnamed);
}

const documentOf = (client: OAuth2ClientRegistration | undefined): ClientDocument =>
  client ? (toJson(OAuth2ClientRegistrationSchema, client, { useProtoFieldName: true }) as JsonObject) : {};

const clientOf = (document: ClientDocument): OAuth2ClientRegistration => {
  try {
    return fromJson(OAuth2ClientRegistrationSchema, document as JsonObject, { ignoreUnknownFields: true });
  } catch (cause) {
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The client has a member of the wrong type.", cause });
  }
};

const present = ({ clientId, metadata, createdAt, updatedAt }: ClientRow, secret?: string): OAuth2ClientRegistration =>
  Object.assign(clientOf(metadata), {
    clientId,
    createdAt: presentTime(createdAt),
    updatedAt: presentTime(updatedAt),
    ...(secret !== undefined && { clientSecret: secret }),
  });
