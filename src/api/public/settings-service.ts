import type { MessageInitShape } from "@bufbuild/protobuf";
import { SettingsService } from "#gen/ostiary/public/v1/settings_service_pb.js";
import { SettingsFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, leadingTo, problem, reasonOf, toProblem } from "../../errors.ts";
import { uiLocation } from "../../flow/replacement.ts";
import type { FlowEngine } from "../../flow/engine.ts";
import type { FlowView } from "../../flow/attempt.ts";
import { assertReturnTo, chosenDestination } from "../../flow/return-to.ts";
import type { Changed } from "../../flows/settings.ts";
import { defineService } from "../../server/dispatch.ts";
import { setSessionCookie } from "../../session/carrier.ts";
import { requireSession } from "../../session/current.ts";
import { assertAal } from "../../session/required-aal.ts";
import { presentSettingsFlow } from "../present-flow.ts";
import { browser } from "./browser.ts";
import { redirectTo } from "./continue-with.ts";
import { serveFlows } from "./self-service.ts";
import type { Done } from "./self-service.ts";
import { submittedFlowId } from "./submission.ts";
import { showVerification, verificationUi } from "./verification-ui.ts";

interface Begin {
  readonly returnTo?: string;
  readonly organization: string;
}

type Answer = { flow: MessageInitShape<typeof SettingsFlowSchema> };

/** What clients do with settings flows. */
export const settingsFlows = (engine: FlowEngine<"settings", Changed>) =>
  serveFlows({
    engine,
    schema: SettingsFlowSchema,
    present: presentSettingsFlow,
    init,
    completed: changed,
    page,
    notBegun: signInFirst,
    notShown: toSignIn,
    notDone: (ctx, error): never => toSignIn(ctx, explained(error)),
  });

/** Serves settings_service.proto. */
export const settingsService = (flows: ReturnType<typeof settingsFlows>) =>
  defineService(SettingsService, {
    createBrowserSettingsFlow: flows.begin,
    createNativeSettingsFlow: flows.beginNative,
    getSettingsFlow: flows.show,
    updateSettingsFlow: browser(async ({ flow, submission }, ctx) =>
      flows.submit(ctx, submittedFlowId(flow), submission),
    ),
  });

async function init(ctx: Context, request: Begin) {
  const session = await requireSession(ctx, ErrorReason.SESSION_INACTIVE);
  if (request.returnTo) assertReturnTo(ctx, request.returnTo);
  assertAal(ctx, session, ctx.config.selfservice.flows.settings.required_aal, beginningOf(ctx, request));
  return {
    returnTo: request.returnTo || null,
    identityId: session.identity.id,
    organizationId: isUuid(request.organization) ? request.organization : null,
  };
}

function page(ctx: Context, view: FlowView<"settings">): Answer {
  ctx.call.reply.redirect = uiLocation(ctx, "settings", view.flow.id);
  return { flow: presentSettingsFlow(ctx, view) };
}

/** Where a browser begins its settings anew, once it has proved a second factor, if it said where it goes in the end. */
function beginningOf({ config }: Context, { returnTo }: Begin): string | undefined {
  if (!returnTo) return undefined;
  const url = new URL("self-service/settings/browser", config.serve.public.base_url);
  url.searchParams.set("return_to", returnTo);
  return url.href;
}

const noSession = "Sign in to change your account.";

/** A browser that navigates signs in first, and comes back if it said where to. */
function signInFirst({ call, config }: Context, error: unknown, { returnTo }: Begin): never {
  if (reasonOf(error) !== ErrorReason.SESSION_INACTIVE) throw error;
  if (!call.isNavigation) throw problem(ErrorReason.SESSION_INACTIVE, { reason: noSession, credentialsMissing: false });
  const login = new URL("self-service/login/browser", config.serve.public.base_url);
  if (returnTo) login.searchParams.set("return_to", returnTo);
  throw problem(ErrorReason.SESSION_INACTIVE, { location: login.href });
}

/** A submission to nowhere is told what to do; a look at nothing is told that there is nothing. */
const explained = (error: unknown): unknown =>
  reasonOf(error) === ErrorReason.NOT_FOUND
    ? problem(ErrorReason.NOT_FOUND, { reason: "The settings flow does not exist. Start a new one." })
    : error;

/** A browser that has lost its session in the midst of a flow is shown the page to sign in. */
function toSignIn({ call, config }: Context, thrown: unknown): never {
  if (reasonOf(thrown) !== ErrorReason.SESSION_REQUIRED || !call.isNavigation) throw thrown;
  throw leadingTo(
    toProblem(thrown),
    new URL(config.selfservice.flows.login.ui_url, config.serve.public.base_url).href,
    302,
  );
}

function changed(ctx: Context, { flow, attempt, completion }: Done<Changed>): Answer {
  const view = { flow, attempt };
  const { method, session } = completion;
  if (!session) return heldBack(ctx, view);
  const verification = verificationUi(ctx, view, method);
  if (flow.type === "api") return { flow: presentSettingsFlow(ctx, view, verification) };
  setSessionCookie(ctx, session.token, session.expiresAt);
  const { after } = ctx.config.selfservice.flows.settings;
  const own = after[method as "password"]?.default_browser_return_url;
  const page = uiLocation(ctx, "settings", flow.id);
  const target = chosenDestination(ctx, flow.returnTo, own, after.default_browser_return_url) ?? page;
  ctx.call.reply.redirect = target;
  return { flow: presentSettingsFlow(ctx, view, [redirectTo(target), ...verification]) };
}

/** The form goes on; where it waits for an address, the verification is shown. */
function heldBack(ctx: Context, view: FlowView): Answer {
  ctx.call.reply.redirect = view.attempt.verification?.url ?? uiLocation(ctx, "settings", view.flow.id);
  return { flow: presentSettingsFlow(ctx, view, showVerification(view)) };
}
