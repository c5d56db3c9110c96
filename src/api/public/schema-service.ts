import { SchemaService } from "#gen/ostiary/public/v1/schema_service_pb.js";
import { ErrorReason, problem } from "../../errors.ts";
import { schemaIdOf } from "../../schema/schema-url.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { defineService } from "../../server/dispatch.ts";
import { nameOffsetPages, nextOffsetToken, offsetPage } from "../offset-page.ts";

/** Serves schema_service.proto: the identity schemas, for everybody. */
export const schemaService = defineService(SchemaService, {
  async getIdentitySchema({ id }, ctx) {
    const schemas = await schemasOf(ctx).list();
    const schema = schemas.find((one) => one.id === id) ?? schemas.find((one) => one.id === schemaIdOf(id));
    if (!schema) throw problem(ErrorReason.NOT_FOUND, { reason: "There is no identity schema of this id." });
    return { schema: schema.json };
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
