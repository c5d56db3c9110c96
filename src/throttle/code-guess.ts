import type { Context } from "../context.ts";
import { budgetOf, spentOf, waitFor } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { beginRows, readBudgets } from "./budget-statements.ts";
import { judgeGuess } from "./guess.ts";

/** The guesses at codes that went to an address, whatever they are for: an address is one authenticator. */
export const codesTo = (ctx: Context, address: string): Budget =>
  budgetOf(ctx, { what: "code to", whom: address }, ctx.config.selfservice.methods.code.config.throttle);

/** Whether a code that somebody typed is right; false as well where no more guesses are left for its address. */
export async function judgeCode(ctx: Context, address: string, isRight: () => Promise<boolean>): Promise<boolean> {
  const judged = await judgeGuess(ctx, { whose: codesTo(ctx, address), isRight });
  return "right" in judged && judged.right;
}

/** Whether the guesses at codes to an address are used up, for now or until somebody proves that it is theirs. */
export async function areCodesGuessedUp(ctx: Context, address: string): Promise<boolean> {
  const budget = codesTo(ctx, address);
  const rows = await readBudgets(ctx, [budget.id]);
  return waitFor(budget, spentOf(budget, rows.get(budget.id), ctx.now().getTime()), 0) > 0;
}

/** Ends the failures in a row of an address that somebody has proved to be theirs by what cannot be guessed. */
export const endCodeFailures = (ctx: Context, address: string): Promise<void> =>
  beginRows(ctx, [codesTo(ctx, address)]);
