import { MetadataService } from "#gen/ostiary/admin/v1/metadata_service_pb.js";
import { defineService } from "../../server/dispatch.ts";
import { serverVersion } from "../../version.ts";

/** Serves metadata_service.proto. */
export const metadataService = defineService(MetadataService, {
  async getVersion() {
    return { version: serverVersion() };
  },
});
