import type { Context } from "../../context.ts";
import { ErrorReason, explanationOf, reasonOf } from "../../errors.ts";
import { invalidSubmission } from "../../ui/messages.ts";
import {
  assertGenuine,
  assertNotForeign,
  assertSameBrowser,
  csrfTokenOf,
  csrfViolation,
  unmaskCsrfToken,
} from "../csrf.ts";
import type { Flow } from "../flow.ts";
import type { FlowKind } from "../kinds.ts";
import { assertMaySee, claimTestLogin, isTestLogin, isTestLoginToken } from "../test-login.ts";
import { complain } from "./complain.ts";
import type { Run, StopResult } from "./run.ts";
import { unanswered } from "./unanswered.ts";

/** A body that could not be read is told of by the form, which holds what was typed before. */
export async function refuseUnreadable<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, submission } = run;
  if (submission || ctx.call.malformed === undefined) return run;
  if (csrfTokenOf(ctx)) assertSameBrowser(ctx, flow);
  return unanswered(run, invalidSubmission(ctx.call.malformed));
}

/** Whoever was shown the form of a test login may submit it, in whichever browser. */
function assertTestLoginMeant<F extends Flow>(ctx: Context, flow: F, submission: { csrfToken: string } | undefined): F {
  assertMaySee(ctx, flow);
  assertNotForeign(ctx, flow);
  const token = unmaskCsrfToken(submission?.csrfToken ?? "");
  if (token && isTestLoginToken(ctx, flow, token)) return flow;
  throw csrfViolation(ctx, "The field csrf_token does not match this flow.");
}

/** A browser proves by its token that its person means it, a native client by being no browser. */
export async function refuseForged<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, submission, parts } = run;
  try {
    if (submission && parts.definition.carriesSecret?.(submission)) assertNotForeign(ctx, flow);
    else if (isTestLogin(flow))
      return { ...run, flow: await claimTestLogin(ctx, assertTestLoginMeant(ctx, flow, submission)) };
    else assertGenuine(ctx, flow, submission?.csrfToken ?? "");
    return run;
  } catch (error) {
    // Told in the form, since it is the developer of a native client who has to see it.
    if (reasonOf(error) !== ErrorReason.API_FLOW_FROM_BROWSER) throw error;
    return complain(run, [{ message: invalidSubmission(explanationOf(error) ?? "") }]);
  }
}
