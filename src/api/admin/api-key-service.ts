import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { ApiKeyService } from "#gen/ostiary/admin/v1/api_key_service_pb.js";
import type { ApiKeySchema } from "#gen/ostiary/admin/v1/api_key_service_pb.js";
import {
  apiKeysPage,
  createApiKey,
  findApiKey,
  renameApiKey,
  revokeApiKey,
  rotateApiKey,
} from "../../access/api-keys.ts";
import type { ApiKeyRow } from "../../access/api-keys.ts";
import { assertGrantable } from "../../access/grantable.ts";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { forbidKeeping } from "../../session/carrier.ts";
import { defineService } from "../../server/dispatch.ts";
import { presentTime } from "../present-time.ts";
import { pageById } from "./page-by-id.ts";

/** Serves api_key_service.proto, for the scopes that there are. */
export const apiKeyService = (knownScopes: () => readonly string[]) =>
  defineService(ApiKeyService, {
    async createApiKey({ apiKey }, ctx) {
      const { name, scopes, allTenants, expiresAt } = apiKey!;
      const wanted = {
        name,
        scopes: [...new Set(scopes)],
        allTenants,
        expiresAt: expiresAt ? timestampDate(expiresAt) : null,
      };
      assertGrantable(ctx, wanted, knownScopes());
      const { key, secret } = await createApiKey(ctx, wanted);
      forbidKeeping(ctx);
      ctx.call.reply.location = new URL(`admin/api-keys/${key.id}`, ctx.config.serve.admin.base_url).href;
      return { apiKey: present(ctx, key), secret };
    },

    async listApiKeys(request, ctx) {
      const { rows, nextPageToken } = await pageById(ctx, request, (after, limit) => apiKeysPage(ctx, after, limit));
      return { apiKeys: rows.map((key) => present(ctx, key)), nextPageToken };
    },

    async getApiKey({ id }, ctx) {
      return { apiKey: present(ctx, found(await findApiKey(ctx, id))) };
    },

    async updateApiKey({ id, apiKey }, ctx) {
      return { apiKey: present(ctx, found(await renameApiKey(ctx, id, apiKey!.name))) };
    },

    async rotateApiKey({ id }, ctx) {
      const before = found(await findApiKey(ctx, id));
      // Whoever gets the new secret may do what the key may.
      assertGrantable(ctx, { ...before, expiresAt: null }, knownScopes());
      const { key, secret } = found(await rotateApiKey(ctx, before));
      forbidKeeping(ctx);
      return { apiKey: present(ctx, key), secret };
    },

    async revokeApiKey({ id }, ctx) {
      if (!(await revokeApiKey(ctx, id))) throw missing();
      return {};
    },
  });

const missing = () => problem(ErrorReason.NOT_FOUND, { reason: "The API key does not exist." });

function found<T>(one: T | undefined): T {
  if (one === undefined) throw missing();
  return one;
}

const present = ({ tenant }: Context, key: ApiKeyRow): MessageInitShape<typeof ApiKeySchema> => ({
  id: key.id,
  name: key.name,
  hint: key.hint,
  scopes: key.scopes,
  allTenants: key.allTenants,
  tenantId: tenant.id,
  createdByKind: key.createdByKind,
  ...(key.createdById && { createdById: key.createdById }),
  ...(key.expiresAt && { expiresAt: presentTime(key.expiresAt) }),
  ...(key.lastUsedAt && { lastUsedAt: presentTime(key.lastUsedAt) }),
  createdAt: presentTime(key.createdAt),
  updatedAt: presentTime(key.updatedAt),
});
