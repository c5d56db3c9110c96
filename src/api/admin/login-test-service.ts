import { LoginTestService } from "#gen/ostiary/admin/v1/login_test_service_pb.js";
import { ErrorReason, problem } from "../../errors.ts";
import type { FlowEngine } from "../../flow/engine.ts";
import { configuredProviders } from "../../provider/find-provider.ts";
import { defineService } from "../../server/dispatch.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { presentLoginFlow } from "../present-flow.ts";

/** Serves login_test_service.proto. */
export const loginTestService = (engine: FlowEngine<"login", IssuedSession>) =>
  defineService(LoginTestService, {
    createTestLoginFlow: async ({ test }, ctx) => {
      const providerId = test?.providerId ?? "";
      if (!providerId) throw problem(ErrorReason.BAD_REQUEST, { reason: "The member provider_id is missing." });
      if (!ctx.config.selfservice.methods.oidc.enabled)
        throw problem(ErrorReason.MISCONFIGURED, { reason: "The method oidc is switched off here." });
      const known = (await configuredProviders(ctx)).some(({ id }) => id === providerId);
      if (!known)
        throw problem(ErrorReason.NOT_FOUND, { reason: `There is no provider ${JSON.stringify(providerId)}.` });
      const view = await engine.create(ctx, {
        type: "browser",
        requestUrl: ctx.call.url,
        // Whoever is signed in at the provider shall say anew who they are.
        refresh: true,
        testProvider: providerId,
        unowned: true,
      });
      return { flow: presentLoginFlow(ctx, view) };
    },
  });
