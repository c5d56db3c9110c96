import { create } from "@bufbuild/protobuf";
import { FedCmService } from "#gen/ostiary/public/v1/fed_cm_service_pb.js";
import type { FedcmSubmission } from "#gen/ostiary/public/v1/fed_cm_service_pb.js";
import { LoginSubmissionSchema } from "#gen/ostiary/type/v1/submission_pb.js";
import type { Context } from "../../context.ts";
import { constantTimeEqual } from "../../crypto/token.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { csrfTokenOf, csrfViolation, ensureCsrfToken, maskCsrfToken, unmaskCsrfToken } from "../../flow/csrf.ts";
import type { FlowEngine } from "../../flow/engine.ts";
import { fedcmNonce, fedcmProviders, isFedcmNonce } from "../../provider/fedcm.ts";
import { defineService } from "../../server/dispatch.ts";
import type { IssuedSession } from "../../session/issue.ts";
import { browser as forBrowsers } from "./browser.ts";
import type { loginFlows } from "./login-service.ts";

/** Serves fed_cm_service.proto. */
export const fedCmService = (engine: FlowEngine<"login", IssuedSession>, flows: ReturnType<typeof loginFlows>) =>
  defineService(FedCmService, {
    createFedcmFlow: async (_, ctx) => {
      const token = ensureCsrfToken(ctx);
      const providers = (await fedcmProviders(ctx)).map((provider) => {
        const nonce = fedcmNonce(ctx, provider, token);
        // Browsers that take no nonce of its own any more hand the parameters to the provider.
        return { configUrl: provider.fedcm_config_url!, clientId: provider.client_id, nonce, parameters: { nonce } };
      });
      return { providers, csrfToken: maskCsrfToken(token) };
    },

    updateFedcmFlow: forBrowsers(async ({ submission }, ctx) => {
      const { csrfToken = "", token = "", nonce = "", transientPayload } = submission ?? {};
      const provider = await askedWith(ctx, submission);
      if (!token) throw problem(ErrorReason.BAD_REQUEST, { reason: "The member token is missing." });
      const { flow } = await engine.create(ctx, { type: "browser", requestUrl: ctx.call.url });
      const login = create(LoginSubmissionSchema, {
        csrfToken,
        ...(transientPayload && { transientPayload }),
        method: { case: "oidc", value: { provider, idToken: token, idTokenNonce: nonce } },
      });
      const { session, sessionToken, continueWith } = await flows.submit(ctx, flow.id, login);
      return {
        ...(session && { session }),
        ...(sessionToken && { sessionToken }),
        ...(continueWith && { continueWith }),
      };
    }),
  });

/** The provider that a browser was given its nonce for: a token alone does not say whom it was asked of. */
async function askedWith(ctx: Context, submission: FedcmSubmission | undefined): Promise<string> {
  const { csrfToken = "", nonce = "" } = submission ?? {};
  const browser = csrfTokenOf(ctx);
  if (browser === undefined || !constantTimeEqual(unmaskCsrfToken(csrfToken) ?? "", browser))
    throw csrfViolation(ctx, "The field csrf_token does not match the cookie.");
  const asked = (await fedcmProviders(ctx)).find((provider) => isFedcmNonce(ctx, provider, { nonce, browser }));
  if (!asked)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: "The nonce is not one that this browser was given to ask a provider with, or it is too old.",
    });
  return asked.id;
}
