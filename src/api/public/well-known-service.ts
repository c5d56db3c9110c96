import { create } from "@bufbuild/protobuf";
import { HttpBodySchema } from "#gen/google/api/httpbody_pb.js";
import { WellKnownService } from "#gen/ostiary/public/v1/well_known_service_pb.js";
import { ensureCsrfToken } from "../../flow/csrf.ts";
import { defineService } from "../../server/dispatch.ts";
import { publishedKeys } from "../../session/jwt/published-keys.ts";
import { script } from "../../webauthn/script.ts";

/** Shorter than a key is published before it signs. */
const keysLastSeconds = 300;

/** Serves well_known_service.proto. */
export const wellKnownService = defineService(WellKnownService, {
  async getWellKnownChangePassword(_request, ctx) {
    ensureCsrfToken(ctx);
    const { ui_url: page, pageless } = ctx.config.selfservice.flows.settings;
    const target = pageless ? "self-service/settings/browser" : page;
    ctx.call.reply.location = new URL(target, ctx.config.serve.public.base_url).href;
    return {};
  },

  async getWebAuthnJavaScript(_request, { call }) {
    const { text, etag } = script();
    const { headers } = call.reply;
    headers.set("etag", etag);
    // Kept by browsers and asked for again each time: a page names the hash of what it will run.
    headers.set("cache-control", "public, no-cache");
    // Pages of other origins load it, and browsers check the hash only of what they may read.
    headers.set("access-control-allow-origin", "*");
    if (namesTag(call.headers.get("if-none-match"), etag)) call.reply.status = 304;
    return { script: create(HttpBodySchema, { contentType: "text/javascript", data: text }) };
  },

  async getSessionKeys(_request, ctx) {
    const { keys, complete } = await publishedKeys(ctx);
    // What is missing is missed by somebody, and may be there with the next question.
    if (complete) ctx.call.reply.headers.set("cache-control", `public, max-age=${keysLastSeconds}`);
    return { keys: [...keys] };
  },
});

const namesTag = (header: string | null, etag: string) =>
  (header ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
