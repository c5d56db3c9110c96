import type { DescMessage } from "@bufbuild/protobuf";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem, reasonOf } from "../../errors.ts";
import type { ErrorResource, Problem } from "../../errors.ts";
import { uiLocation } from "../../flow/replacement.ts";
import type { Outcome } from "../../flow/pipeline/outcome.ts";
import type { FlowKind } from "../../flow/kinds.ts";
import { linking } from "../../proof/linking.ts";
import { shownFlow } from "./shown-flow.ts";

/** The id of the flow that a submission is for. */
export function submittedFlowId(id: string): string {
  if (!isUuid(id))
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The parameter flow is missing or not a valid id." });
  return id;
}

/** By which status a navigating browser is led to a form that will not do, where it is not 303. */
const rejectedBy: { readonly [K in FlowKind]?: 302 } = {
  // Kratos has it so.
  registration: 302,
};

/** The error of a submission that did not complete its flow: it carries the form as the client shall now see it. */
export function refuseSubmission<D extends DescMessage>(
  ctx: Context,
  outcome: Exclude<Outcome<unknown>, { kind: "completed" }>,
  flow: ErrorResource<D>,
): Problem {
  if (outcome.kind === "redirected") return goOnAt(outcome.url);
  if (outcome.kind === "handedOver") return showSuccessor(ctx, outcome);
  const locationStatus = outcome.kind === "rejected" ? rejectedBy[outcome.flow.kind] : undefined;
  // A native client has no page to go to, whatever it says that it accepts; the link of a mail is opened by a browser.
  const native = outcome.flow.type === "api" && ctx.call.method === "POST";
  const details = native
    ? {}
    : { location: uiLocation(ctx, outcome.flow.kind, outcome.flow.id), ...(locationStatus && { locationStatus }) };
  return problem(ErrorReason.SUBMISSION_REJECTED, details, flow);
}

/** The flow of another kind that has taken over shows what it asks for: on its page or, to a native client, by itself. */
function showSuccessor(ctx: Context, { to, outcome }: Extract<Outcome, { kind: "handedOver" }>): Problem {
  if (outcome.kind === "handedOver") return showSuccessor(ctx, outcome);
  const native = outcome.flow.type === "api" && outcome.kind === "rejected";
  const shown = native ? shownFlow(ctx, outcome) : undefined;
  if (shown) return problem(ErrorReason.SUBMISSION_REJECTED, {}, shown);
  const page = new URL(uiLocation(ctx, to, outcome.flow.id));
  // As Kratos tells pages that serve organizations: whoever signs in here links an account, and is asked for no organization.
  if (outcome.kind === "rejected" && linking.of(outcome.flow)) page.searchParams.set("no_org_ui", "true");
  return goOnAt(page.href, rejectedBy[to]);
}

/** The error that sends a browser on to a page. */
export const goOnAt = (url: string, locationStatus?: 302): Problem =>
  problem(ErrorReason.BROWSER_LOCATION_CHANGE_REQUIRED, {
    reason: `Continue the flow in the browser at ${url}.`,
    redirectBrowserTo: url,
    location: url,
    ...(locationStatus && { locationStatus }),
  });

/** Says that there is no such flow in as many words as Kratos does where it takes submissions. */
export function tellLost(error: unknown): never {
  if (reasonOf(error) !== ErrorReason.NOT_FOUND) throw error;
  throw problem(ErrorReason.NOT_FOUND, { reason: "The flow does not exist. Start a new one." });
}

/** Refuses to follow a link that does something for somebody who only looks: it is meant for a person. */
export function refusePrefetch({ call }: Context): void {
  if (call.isPrefetch)
    throw problem(ErrorReason.BAD_REQUEST, { reason: "The link was prefetched. Open it to continue." });
}

/** Sends a client of JSON over REST to the flow that it shall go on with; false where it has to read the error. */
export function leadToSuccessor(ctx: Context, kind: FlowKind, id: string): boolean {
  if (ctx.call.isNavigation) return false;
  const location = new URL(`self-service/${kind}/flows`, ctx.config.serve.public.base_url);
  location.searchParams.set("id", id);
  return leadTo(ctx, location.href);
}

/** Redirects a client of REST, whatever it understands; false for other protocols, which know no redirects. */
export function leadTo({ call }: Context, location: string, status: 302 | 303 = 303): boolean {
  if (call.protocol !== "rest") return false;
  call.reply.status = status;
  call.reply.location = location;
  return true;
}
