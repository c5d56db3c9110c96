import type { ConnectError } from "@connectrpc/connect";
import type { DescMessage } from "@bufbuild/protobuf";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { ErrorResource } from "../../errors.ts";
import { uiLocation } from "../../flow/engine.ts";
import type { Outcome } from "../../flow/engine.ts";

/** The id of the flow that a submission is for. */
export function submittedFlowId(id: string): string {
  if (!isUuid(id)) throw problem(ErrorReason.BAD_REQUEST, { reason: "The parameter flow is missing, or no id." });
  return id;
}

/** The error of a submission that did not complete its flow: it carries the form as the client shall now see it. */
export function refuseSubmission<D extends DescMessage>(
  ctx: Context,
  outcome: Exclude<Outcome<unknown>, { kind: "completed" }>,
  flow: ErrorResource<D>,
): ConnectError {
  if (outcome.kind === "redirected")
    return problem(ErrorReason.BROWSER_LOCATION_CHANGE_REQUIRED, {
      redirectBrowserTo: outcome.url,
      location: outcome.url,
    });
  const location = uiLocation(ctx, outcome.flow.kind, outcome.flow.id);
  return problem(ErrorReason.SUBMISSION_REJECTED, { location }, flow);
}
