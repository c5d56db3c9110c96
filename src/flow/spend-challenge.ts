import type { Context } from "../context.ts";
import { statement } from "../db/statement.ts";
import type { Flow } from "./flow.ts";

const spend = statement(
  "spend_challenge",
  "update flows set challenges_spent = challenges_spent + 1 where nid = ? and id = ? and challenges_spent = ?",
);

/**
 * Uses up a challenge that was made when so many of the flow had been answered, in one conditional statement. If several
 * correct attempts race, exactly one succeeds. All challenges of the flow go along, since the form that showed them is over.
 */
export const spendChallenge = async (ctx: Context, { id }: Pick<Flow, "id">, round: number): Promise<boolean> =>
  (await ctx.db.write(spend, [ctx.tenant.id, id, round])) === 1;
