import type { Context } from "../context.ts";
import { statement } from "../db/statement.ts";
import type { Flow } from "../flow/flow.ts";

const count = statement(
  "flow_count_try",
  "update flows set submit_count = submit_count + 1 where nid = ? and id = ? and submit_count < ?",
);
const resumeFlow = statement(
  "flow_take_back_try",
  "update flows set submit_count = submit_count - 1 where nid = ? and id = ? and submit_count > 0",
);

/**
 * Counts a try of a code, right or wrong, in one statement before it is looked at. False where the flow has had as many
 * as it may: another code does not begin the count anew.
 */
export async function countCodeTry(ctx: Context, { id }: Flow): Promise<boolean> {
  const { max_submissions: most } = ctx.config.selfservice.methods.code.config;
  return (await ctx.db.write(count, [ctx.tenant.id, id, most])) === 1;
}

/** Takes a try back that was none: whoever opens the right link has yet to send its code, however often they open it. */
export async function takeBackTry(ctx: Context, { id }: Flow): Promise<void> {
  await ctx.db.write(resumeFlow, [ctx.tenant.id, id]);
}
