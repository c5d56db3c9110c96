import { SchemaService } from "#gen/ostiary/public/v1/schema_service_pb.js";
import { ErrorReason, problem } from "../../errors.ts";
import { schemaIdOf } from "../../schema/schema-url.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { defineService } from "../../server/dispatch.ts";
import { nameOffsetPages, nextOffsetToken, offsetPage } from "../offset-page.ts";

/** Serves schema_service.proto: the identity schemas, for everybody. */
export const schemaService = defineService(SchemaService, {
  async getIdentitySchema({ id }, ctx) {
    const ids = ctx.config.identity.schemas.map((schema) => schema.id);
    const known = [id, schemaIdOf(id)].find((one) => one !== undefined && ids.includes(one));
    if (known === undefined) throw problem(ErrorReason.NOT_FOUND, { reason: "The identity schema does not exist." });
    // The others are left alone: one that cannot be read now is no reason to keep this one back.
    return { schema: (await schemasOf(ctx).get(known)).json };
  },

  async listIdentitySchemas(request, ctx) {
    const page = offsetPage(request);
    const schemas = await schemasOf(ctx).list();
    nameOffsetPages(ctx, page, schemas.length);
    const shown = schemas.slice(page.offset, page.offset + page.size);
    return {
      schemas: shown.map(({ id, json }) => ({ id, schema: json })),
      nextPageToken: nextOffsetToken(page, schemas.length),
      totalSize: schemas.length,
    };
  },
});
