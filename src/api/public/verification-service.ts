import { VerificationService } from "#gen/ostiary/public/v1/verification_service_pb.js";
import type { UpdateVerificationFlowRequest } from "#gen/ostiary/public/v1/verification_service_pb.js";
import { VerificationFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem, reasonOf, toProblem } from "../../errors.ts";
import { ensureCsrfToken } from "../../flow/csrf.ts";
import type { Flow } from "../../flow/flow.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { assertReturnTo } from "../../flow/return-to.ts";
import type { VerificationEngine } from "../../flows/verification.ts";
import { defineService } from "../../server/dispatch.ts";
import { presentVerificationFlow } from "../present-flow.ts";
import { browser } from "./browser.ts";
import { leadToSuccessor, refusePeeking, refuseSubmission, submittedFlowId, tellLost } from "./submission.ts";

/** Serves verification_service.proto. */
export const verificationService = (verification: VerificationEngine) =>
  defineService(VerificationService, {
    createBrowserVerificationFlow: browser(async ({ returnTo }, ctx) => {
      ensureCsrfToken(ctx);
      const flow = await begin(verification, returnTo, ctx, "browser");
      return shown(ctx, flow);
    }),

    createNativeVerificationFlow: async ({ returnTo }, ctx) => ({
      flow: presentVerificationFlow(ctx, await begin(verification, returnTo, ctx, "api")),
    }),

    getVerificationFlow: async ({ id }, ctx) => {
      ensureCsrfToken(ctx);
      return { flow: presentVerificationFlow(ctx, await verification.fetch(ctx, id)) };
    },

    updateVerificationFlow: browser(async (request, ctx) => {
      const id = submittedFlowId(request.flow);
      const flow = await goOn(verification, id, request, ctx).catch((error: unknown) => redirected(ctx, error));
      return flow ? shown(ctx, flow) : {};
    }),
  });

async function begin(engine: VerificationEngine, returnTo: string, ctx: Context, type: "browser" | "api"): Promise<Flow> {
  if (!ctx.config.selfservice.flows.verification.enabled)
    throw problem(ErrorReason.SELF_SERVICE_FLOW_DISABLED, { reason: "Verification is switched off here." });
  if (returnTo) assertReturnTo(ctx, returnTo);
  return engine.create(ctx, { type, requestUrl: ctx.call.url, returnTo: returnTo || null });
}

/** Takes a submission, or follows the link of a mail. */
async function goOn(engine: VerificationEngine, id: string, request: UpdateVerificationFlowRequest, ctx: Context): Promise<Flow> {
  const { token, code, submission } = request;
  // The address of a link is followed by whoever submits nothing.
  const follows = !submission && Boolean(token || code);
  if (follows) refusePeeking(ctx);
  if (follows && token) return engine.open(ctx, id, token);
  if (follows) {
    const flow = await engine.prefill(ctx, id, code);
    if (ctx.call.navigates || flow.state === "sent_email") return flow;
  }
  const outcome = await engine.submit(ctx, id, submission);
  if (outcome.kind === "completed" || outcome.kind === "pending") return outcome.flow;
  throw refuseSubmission(ctx, outcome, { desc: VerificationFlowSchema, value: presentVerificationFlow(ctx, outcome.flow) });
}

/** Kratos sends clients of JSON, too, to the flow that takes the place of one that ran out. */
function redirected(ctx: Context, error: unknown): undefined {
  if (reasonOf(error) !== ErrorReason.SELF_SERVICE_FLOW_EXPIRED) tellLost(error);
  const next = toProblem(error).told.useFlowId;
  ensureCsrfToken(ctx);
  if (!next || !leadToSuccessor(ctx, "verification", next)) throw error;
}

function shown(ctx: Context, flow: Flow) {
  ctx.call.reply.redirect = uiLocation(ctx, "verification", flow.id);
  return { flow: presentVerificationFlow(ctx, flow) };
}
