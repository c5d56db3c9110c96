import type { MessageInitShape } from "@bufbuild/protobuf";
import { RecoveryService } from "#gen/ostiary/public/v1/recovery_service_pb.js";
import { RecoveryFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem, toProblem } from "../../errors.ts";
import { ensureCsrfToken, renewCsrfToken } from "../../flow/csrf.ts";
import type { Flow } from "../../flow/flow.ts";
import type { Recovered, RecoveryEngine } from "../../flows/recovery.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { assertReturnTo, destination } from "../../flow/return-to.ts";
import { defineService } from "../../server/dispatch.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import { rememberDevice } from "../../session/known-device.ts";
import { currentSession } from "../../session/current.ts";
import { presentRecoveryFlow } from "../present-flow.ts";
import { browser } from "./browser.ts";
import { leadTo, leadToSuccessor, refusePeeking, refuseSubmission, submittedFlowId, tellLost } from "./submission.ts";

type Answer = { flow?: MessageInitShape<typeof RecoveryFlowSchema> };

/** Serves recovery_service.proto. */
export const recoveryService = (recovery: RecoveryEngine) =>
  defineService(RecoveryService, {
    createBrowserRecoveryFlow: browser(async ({ returnTo, skipSettings }, ctx) => {
      ensureCsrfToken(ctx);
      const flow = await begin(recovery, ctx, "browser", returnTo, skipSettings);
      return shown(ctx, flow);
    }),

    createNativeRecoveryFlow: async (_, ctx) => ({ flow: presentRecoveryFlow(ctx, await begin(recovery, ctx, "api")) }),

    getRecoveryFlow: async ({ id }, ctx) => {
      ensureCsrfToken(ctx);
      return { flow: presentRecoveryFlow(ctx, await recovery.fetch(ctx, id)) };
    },

    updateRecoveryFlow: browser(async ({ flow, token, submission }, ctx): Promise<Answer> => {
      const id = submittedFlowId(flow);
      if (token && !submission) return open(recovery, ctx, id, token);
      const outcome = await recovery.submit(ctx, id, submission).catch((error: unknown) => goOnElsewhere(ctx, error));
      if (!outcome) return {};
      if (outcome.kind === "pending") return shown(ctx, outcome.flow);
      if (outcome.kind === "completed") return recovered(ctx, outcome.flow, outcome.completion);
      throw refuseSubmission(ctx, outcome, { desc: RecoveryFlowSchema, value: presentRecoveryFlow(ctx, outcome.flow) });
    }),
  });

async function begin(engine: RecoveryEngine, ctx: Context, type: "browser" | "api", returnTo = "", skipsSettings = false): Promise<Flow> {
  if (!ctx.config.selfservice.flows.recovery.enabled)
    throw problem(ErrorReason.SELF_SERVICE_FLOW_DISABLED, { reason: "Recovery is switched off here." });
  if (returnTo) assertReturnTo(ctx, returnTo);
  if (await currentSession(ctx))
    throw problem(ErrorReason.SESSION_ALREADY_AVAILABLE, {
      reason: "Somebody is signed in already, and changes what they sign in with in their settings.",
      location: destination(ctx, null),
      locationStatus: 302,
    });
  return engine.create(ctx, { type, requestUrl: ctx.call.url, returnTo: returnTo || null, internal: { skipsSettings } });
}

/** Follows the link of a mail. Whatever comes of it is shown by pages, to clients of JSON as well. */
async function open(engine: RecoveryEngine, ctx: Context, id: string, token: string): Promise<Answer> {
  refusePeeking(ctx);
  try {
    const { flow, completion } = await engine.open(ctx, id, token);
    return leadOn(ctx, { ...flow, type: "browser" }, completion);
  } catch (thrown) {
    const { location } = toProblem(thrown).told;
    if (!location || !leadTo(ctx, location)) tellLost(thrown);
    return {};
  }
}

function recovered(ctx: Context, flow: Flow, completion: Recovered): Answer {
  if (ctx.call.navigates || !ctx.config.feature_flags.use_continue_with_transitions) return leadOn(ctx, flow, completion);
  const { session, settings } = completion;
  const url = uiLocation(ctx, "settings", settings.id);
  const settingsUi = { action: { case: "showSettingsUi" as const, value: { flow: { id: settings.id, url } } } };
  const keep = { action: { case: "setOrySessionToken" as const, value: { orySessionToken: session.token } } };
  if (flow.type === "browser") hand(ctx, completion);
  return { flow: presentRecoveryFlow(ctx, flow, flow.type === "api" ? [keep, settingsUi] : [settingsUi]) };
}

/** Sends the browser on, to its settings unless it is not to go there. */
function leadOn(ctx: Context, flow: Flow, completion: Recovered): Answer {
  if (flow.type === "browser") hand(ctx, completion);
  const target = flow.internal["skipsSettings"]
    ? destination(ctx, flow.returnTo, ctx.config.selfservice.flows.recovery.after.default_browser_return_url)
    : uiLocation(ctx, "settings", completion.settings.id);
  ctx.call.reply.redirect = target;
  if (ctx.call.navigates) return { flow: presentRecoveryFlow(ctx, flow) };
  if (flow.state === "passed_challenge" && flow.active === "link" && leadTo(ctx, target)) return {};
  throw problem(ErrorReason.BROWSER_LOCATION_CHANGE_REQUIRED, { redirectBrowserTo: target });
}

/** Signs the browser in. */
function hand(ctx: Context, { session, settings }: Recovered): void {
  rememberDevice(ctx, settings.identityId!, false);
  setSessionCookie(ctx, session.token, session.expiresAt);
  renewCsrfToken(ctx);
}

/** Clients of JSON that know no transitions are sent to the flow that takes the place of theirs. */
function goOnElsewhere(ctx: Context, thrown: unknown): undefined {
  const { told } = toProblem(thrown);
  if (!told.useFlowId || told.details || !leadToSuccessor(ctx, "recovery", told.useFlowId)) tellLost(thrown);
}

function shown(ctx: Context, flow: Flow) {
  ctx.call.reply.redirect = uiLocation(ctx, "recovery", flow.id);
  return { flow: presentRecoveryFlow(ctx, flow) };
}
