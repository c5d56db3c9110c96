import type { MessageInitShape } from "@bufbuild/protobuf";
import { VerificationService } from "#gen/ostiary/public/v1/verification_service_pb.js";
import type { UpdateVerificationFlowRequest } from "#gen/ostiary/public/v1/verification_service_pb.js";
import { VerificationFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem, reasonOf, toProblem } from "../../errors.ts";
import { ensureCsrfToken } from "../../flow/csrf.ts";
import { advance } from "../../flow/progress.ts";
import { updateFlow } from "../../flow/repository.ts";
import { continueLogin } from "../../flows/continue-login.ts";
import { leadingOn } from "../../proof/verification-form.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import type { FlowView } from "../../flow/attempt.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { assertReturnTo } from "../../flow/return-to.ts";
import type { VerificationEngine } from "../../flows/verification.ts";
import { defineService } from "../../server/dispatch.ts";
import { presentVerificationFlow } from "../present-flow.ts";
import { browser } from "./browser.ts";
import { serveFlows } from "./self-service.ts";
import { leadToSuccessor, refusePrefetch, submittedFlowId, tellLost } from "./submission.ts";

type Answer = { flow?: MessageInitShape<typeof VerificationFlowSchema> };

/** Serves verification_service.proto. */
export function verificationService(engine: VerificationEngine) {
  const flows = serveFlows({
    engine,
    schema: VerificationFlowSchema,
    present: presentVerificationFlow,
    init,
    completed: verified,
    page: shown,
    notDone: goOnElsewhere,
  });
  return defineService(VerificationService, {
    createBrowserVerificationFlow: flows.begin,
    createNativeVerificationFlow: flows.beginNative,
    getVerificationFlow: flows.show,
    updateVerificationFlow: browser(async (request, ctx): Promise<Answer> => {
      const id = submittedFlowId(request.flow);
      const followed = await follow(engine, id, request, ctx).catch((error: unknown) => ({
        answer: goOnElsewhere(ctx, error),
      }));
      if (!followed) return flows.submit(ctx, id, request.submission);
      if ("answer" in followed) return followed.answer;
      return request.token ? verified(ctx, followed) : shown(ctx, followed);
    }),
  });
}

async function init(ctx: Context, { returnTo }: { readonly returnTo: string }) {
  if (!ctx.config.selfservice.flows.verification.enabled)
    throw problem(ErrorReason.SELF_SERVICE_FLOW_DISABLED, { reason: "Verification is disabled." });
  if (returnTo) assertReturnTo(ctx, returnTo);
  return { returnTo: returnTo || null };
}

/** Follows the link of a mail: whoever submits nothing does. Undefined where there is something to submit all the same. */
async function follow(
  engine: VerificationEngine,
  id: string,
  { token, code, submission }: UpdateVerificationFlowRequest,
  ctx: Context,
) {
  if (submission || !(token || code)) return undefined;
  refusePrefetch(ctx);
  if (token) return engine.open(ctx, id, token);
  const view = await engine.prefill(ctx, id, code);
  return ctx.call.isNavigation || view.flow.state === "sent_email" ? view : undefined;
}

/** Kratos sends clients of JSON, too, to the flow that takes the place of one that ran out. */
function goOnElsewhere(ctx: Context, error: unknown): Answer {
  if (reasonOf(error) !== ErrorReason.SELF_SERVICE_FLOW_EXPIRED) tellLost(error);
  const next = toProblem(error).told.useFlowId;
  ensureCsrfToken(ctx);
  if (!next || !leadToSuccessor(ctx, "verification", next)) throw error;
  return {};
}

/** Whoever signs in for another server goes on there; a page that draws itself shows first that the address is verified. */
async function verified(ctx: Context, view: FlowView): Promise<Answer> {
  const login = await continueLogin(ctx, view.flow);
  if (!login) return shown(ctx, view);
  if (login.issued) setSessionCookie(ctx, login.issued.token, login.issued.expiresAt);
  if (ctx.call.isNavigation) {
    ctx.call.reply.redirect = login.url;
    return { flow: presentVerificationFlow(ctx, view) };
  }
  const form = leadingOn(view.flow.ui, login.url);
  return shown(ctx, { ...view, flow: await updateFlow(ctx, advance(view.flow, { form })) });
}

function shown(ctx: Context, view: FlowView): Answer {
  ctx.call.reply.redirect = uiLocation(ctx, "verification", view.flow.id);
  return { flow: presentVerificationFlow(ctx, view) };
}
