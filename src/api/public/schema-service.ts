import { SchemaService } from "#gen/ostiary/public/v1/schema_service_pb.js";
import { migrationPage, migrationPageHeaders } from "../../db/pages.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { schemaIdOf } from "../../schema/schema-url.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { defineService } from "../../server/dispatch.ts";

/** Serves schema_service.proto: the identity schemas, for everybody. */
export const schemaService = defineService(SchemaService, {
  async getIdentitySchema({ id }, ctx) {
    const schemas = await schemasOf(ctx).list();
    const schema = schemas.find((one) => one.id === id) ?? schemas.find((one) => one.id === schemaIdOf(id));
    if (!schema) throw problem(ErrorReason.NOT_FOUND, { reason: "There is no such schema." });
    return { schema: schema.json };
  },

  async listIdentitySchemas(request, ctx) {
    const page = migrationPage(request);
    const schemas = await schemasOf(ctx).list();
    for (const [name, value] of migrationPageHeaders("/schemas", page, schemas.length))
      ctx.call.reply.headers.append(name, value);
    const shown = schemas.slice(page.offset, page.offset + page.limit);
    return { schemas: shown.map(({ id, json }) => ({ id, schema: json })) };
  },
});
