import { WellKnownService } from "#gen/ostiary/public/v1/well_known_service_pb.js";
import { ensureCsrfToken } from "../../flow/csrf.ts";
import { defineService } from "../../server/dispatch.ts";

/** Serves well_known_service.proto. */
export const wellKnownService = defineService(WellKnownService, {
  async getWellKnownChangePassword(_request, ctx) {
    ensureCsrfToken(ctx);
    const { ui_url: page } = ctx.config.selfservice.flows.settings;
    const target = page || "self-service/settings/browser";
    ctx.call.reply.headers.set("location", new URL(target, ctx.config.serve.public.base_url).href);
    return {};
  },
});
