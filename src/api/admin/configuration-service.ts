import { fromJson } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { ConfigurationService } from "#gen/ostiary/admin/v1/configuration_service_pb.js";
import { settingsInEffect } from "../../config/in-effect.ts";
import { remarksOn } from "../../config/remarks.ts";
import { revisionOf } from "../../config/revision.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { defineService } from "../../server/dispatch.ts";

/** Serves configuration_service.proto: what the server goes by. */
export const configurationService = defineService(ConfigurationService, {
  async getConfiguration(_request, { config }) {
    return {
      revision: revisionOf(config),
      development: config.dev,
      settings: settingsInEffect(config).map(({ path, value, written, later, deprecated, about }) => ({
        path,
        ...(value !== undefined && { value: fromJson(ValueSchema, value as JsonValue) }),
        written,
        withoutEffect: later,
        deprecated,
        about,
      })),
      remarks: remarksOn(config),
    };
  },

  async listConfiguredSchemas(_request, ctx) {
    const { schemas, default_schema_id: standard } = ctx.config.identity;
    const read = await Promise.allSettled(schemas.map(({ id }) => schemasOf(ctx).get(id)));
    return {
      schemas: schemas.map(({ id, url }, at) => {
        const one = read[at]!;
        return {
          id,
          isDefault: id === standard,
          source: url.startsWith("base64://") ? "" : url,
          ...(one.status === "fulfilled" ? { schema: one.value.json as JsonObject } : { fault: String(one.reason) }),
        };
      }),
    };
  },
});
