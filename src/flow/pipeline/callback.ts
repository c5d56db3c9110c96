import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { awaitNobody, roundOf } from "../callback-state.ts";
import { assertSameBrowser, csrfViolation } from "../csrf.ts";
import { exchangeOf } from "../exchange.ts";
import type { Flow } from "../flow.ts";
import type { FlowKind } from "../kinds.ts";
import { spendChallenge } from "../spend-challenge.ts";
import { allOf, stepOf } from "../strategy.ts";
import { advanced } from "./complain.ts";
import type { Run, StopResult } from "./run.ts";

/**
 * Who comes back is the one that was sent off: the browser that has the flow's token or, for a native client, whoever will show
 * the code that the browser brings home. A state is of use once: one conditional statement says to whom.
 */
export async function refuseStranger<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, callback, step } = run;
  if (!(await isBound(ctx, flow, step!.requiresReturnCode ?? false)))
    throw csrfViolation(ctx, "The flow is bound to nobody who could come back to it.");
  assertSameBrowser(ctx, flow);
  const round = roundOf(flow, callback!.state);
  if (round === undefined || !(await spendChallenge(ctx, flow, round)))
    throw csrfViolation(ctx, "The state is of no more use.");
  return advanced(run, { memory: awaitNobody(), challengesSpent: round + 1 });
}

async function isBound(ctx: Context, flow: Flow, requiresReturnCode: boolean): Promise<boolean> {
  if (flow.type === "browser") return flow.csrfHash !== null;
  return flow.exchangeCodeHash === null ? requiresReturnCode : (await exchangeOf(ctx, flow)) !== undefined;
}

/** The method is the one that has sent the client off; it is still on, and fits. */
export async function chooseResuming<K extends FlowKind, C>(run: Run<K, C>): Promise<StopResult<K, C>> {
  const { ctx, flow, callback, parts } = run;
  const { kind } = parts.definition;
  const strategy = allOf(parts.strategies).find(({ name }) => name === callback!.state.method);
  const step = strategy && stepOf(strategy, kind);
  if (!strategy?.enabled(ctx.config, kind) || !step?.resume || !parts.definition.fits(ctx, flow, strategy))
    throw problem(ErrorReason.METHOD_DISABLED, { reason: "This method is disabled." });
  return { ...run, strategy, step };
}
