import type { MessageInitShape } from "@bufbuild/protobuf";
import { RecoveryService } from "#gen/ostiary/public/v1/recovery_service_pb.js";
import { RecoveryFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem, toProblem } from "../../errors.ts";
import type { FlowView } from "../../flow/attempt.ts";
import { renewCsrfToken } from "../../flow/csrf.ts";
import type { RecoveryCompletion } from "../../flows/complete-recovery.ts";
import { skipsSettings } from "../../flows/recovery.ts";
import type { RecoveryEngine } from "../../flows/recovery.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { assertReturnTo, destination } from "../../flow/return-to.ts";
import { defineService } from "../../server/dispatch.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import { rememberDevice } from "../../session/known-device.ts";
import { currentSession } from "../../session/current.ts";
import { presentRecoveryFlow } from "../present-flow.ts";
import { browser } from "./browser.ts";
import { setToken } from "./continue-with.ts";
import { serveFlows } from "./self-service.ts";
import type { Done } from "./self-service.ts";
import { leadTo, leadToSuccessor, refusePrefetch, submittedFlowId, tellLost } from "./submission.ts";

type Answer = { flow?: MessageInitShape<typeof RecoveryFlowSchema> };

interface Begin {
  readonly returnTo?: string;
  readonly skipSettings?: boolean;
}

/** Serves recovery_service.proto. */
export function recoveryService(engine: RecoveryEngine) {
  const flows = serveFlows({
    engine,
    schema: RecoveryFlowSchema,
    present: presentRecoveryFlow,
    init,
    completed: recovered,
    page: shown,
    notDone: goOnElsewhere,
  });
  return defineService(RecoveryService, {
    createBrowserRecoveryFlow: flows.begin,
    createNativeRecoveryFlow: async (_, ctx) => flows.beginNative({}, ctx),
    getRecoveryFlow: flows.show,
    updateRecoveryFlow: browser(async ({ flow, token, submission }, ctx): Promise<Answer> => {
      const id = submittedFlowId(flow);
      return token && !submission ? open(engine, ctx, id, token) : flows.submit(ctx, id, submission);
    }),
  });
}

async function init(ctx: Context, { returnTo, skipSettings = false }: Begin) {
  if (!ctx.config.selfservice.flows.recovery.enabled)
    throw problem(ErrorReason.SELF_SERVICE_FLOW_DISABLED, { reason: "Recovery is disabled." });
  if (returnTo) assertReturnTo(ctx, returnTo);
  if (await currentSession(ctx))
    throw problem(ErrorReason.SESSION_ALREADY_AVAILABLE, {
      reason: "A user is already signed in. They can change how they sign in on the settings page.",
      location: destination(ctx, null),
      locationStatus: 302,
    });
  return { returnTo: returnTo || null, memory: skipsSettings.with({ skipsSettings: skipSettings }) };
}

/** Follows the link of a mail. Whatever comes of it is shown by pages, to clients of JSON as well. */
async function open(engine: RecoveryEngine, ctx: Context, id: string, token: string): Promise<Answer> {
  refusePrefetch(ctx);
  try {
    const { flow, attempt, completion } = await engine.open(ctx, id, token);
    return leadOn(ctx, { flow: { ...flow, type: "browser" }, attempt, completion });
  } catch (thrown) {
    const { location } = toProblem(thrown).told;
    if (!location || !leadTo(ctx, location)) tellLost(thrown);
    return {};
  }
}

function recovered(ctx: Context, done: Done<RecoveryCompletion>): Answer {
  if (ctx.call.isNavigation || !ctx.config.feature_flags.use_continue_with_transitions) return leadOn(ctx, done);
  const { flow, completion } = done;
  const { session, settings } = completion;
  const url = uiLocation(ctx, "settings", settings.id);
  const settingsUi = { action: { case: "showSettingsUi" as const, value: { flow: { id: settings.id, url } } } };
  if (flow.type === "browser") hand(ctx, completion);
  return {
    flow: presentRecoveryFlow(ctx, done, flow.type === "api" ? [setToken(session.token), settingsUi] : [settingsUi]),
  };
}

/** Sends the browser on, to its settings unless it is not to go there. */
function leadOn(ctx: Context, done: Done<RecoveryCompletion>): Answer {
  const { flow, completion } = done;
  if (flow.type === "browser") hand(ctx, completion);
  const target = skipsSettings.of(flow)?.skipsSettings
    ? destination(ctx, flow.returnTo, ctx.config.selfservice.flows.recovery.after.default_browser_return_url)
    : uiLocation(ctx, "settings", completion.settings.id);
  ctx.call.reply.redirect = target;
  if (ctx.call.isNavigation) return { flow: presentRecoveryFlow(ctx, done) };
  if (flow.state === "passed_challenge" && flow.active === "link" && leadTo(ctx, target)) return {};
  throw problem(ErrorReason.BROWSER_LOCATION_CHANGE_REQUIRED, { redirectBrowserTo: target });
}

/** Signs the browser in. */
function hand(ctx: Context, { session, settings }: RecoveryCompletion): void {
  rememberDevice(ctx, settings.identityId!, false);
  setSessionCookie(ctx, session.token, session.expiresAt);
  renewCsrfToken(ctx);
}

/** Clients of JSON that know no transitions are sent to the flow that takes the place of theirs. */
function goOnElsewhere(ctx: Context, thrown: unknown): Answer {
  const { told } = toProblem(thrown);
  if (!told.useFlowId || told.details || !leadToSuccessor(ctx, "recovery", told.useFlowId)) tellLost(thrown);
  return {};
}

function shown(ctx: Context, view: FlowView<"recovery">): Answer {
  ctx.call.reply.redirect = uiLocation(ctx, "recovery", view.flow.id);
  return { flow: presentRecoveryFlow(ctx, view) };
}
