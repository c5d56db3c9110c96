import { raw } from "@mikro-orm/core";
import type { Context } from "../context.ts";
import { Flow as FlowEntity } from "../flow/entities.ts";
import type { Flow } from "../flow/flow.ts";

/**
 * Counts a try of a code, right or wrong, in one statement before it is looked at. False where the flow has had as many
 * as it may: another code does not begin the count anew.
 */
export async function countCodeTry(ctx: Context, { id }: Flow): Promise<boolean> {
  const { max_submissions: most } = ctx.config.selfservice.methods.code.config;
  const counted = await ctx.em.nativeUpdate(
    FlowEntity,
    { id, submitCount: { $lt: most } },
    { submitCount: raw("submit_count + 1") },
  );
  return counted === 1;
}

/** Takes a try back that was none: whoever opens the right link has yet to send its code, however often they open it. */
export async function takeBackTry(ctx: Context, { id }: Flow): Promise<void> {
  await ctx.em.nativeUpdate(FlowEntity, { id, submitCount: { $gt: 0 } }, { submitCount: raw("submit_count - 1") });
}
