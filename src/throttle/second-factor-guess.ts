import type { Context } from "../context.ts";
import { budgetOf } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { beginRows, forgetBudget } from "./budget-statements.ts";
import { judgeGuess } from "./guess.ts";
import type { Judged } from "./guess.ts";

/** How much may be guessed, whatever flows it comes by: with two steps of a code valid at a time, it is hopeless. */
const rates = {
  totp: { at_once: 5, per_hour: 25, in_a_row: 100 },
  lookup_secret: { at_once: 5, per_hour: 5, in_a_row: 100 },
} as const;

/** A second factor that can be guessed. */
export type GuessableFactor = keyof typeof rates;

const guessesAt = (ctx: Context, factor: GuessableFactor, identityId: string): Budget =>
  budgetOf(ctx, { what: factor, whom: identityId }, rates[factor]);

/** Judges the code of a second factor, if another guess is allowed; if not, it is not looked at. */
export const judgeFactor = (ctx: Context, factor: GuessableFactor, identityId: string, isRight: () => Promise<boolean>): Promise<Judged> =>
  judgeGuess(ctx, { whose: guessesAt(ctx, factor, identityId), isRight });

/**
 * Ends the failures in a row at all second factors of somebody who has proved one, or whom an administrator lets back in.
 * A recovery by mail does not: whoever reads the mails of somebody else could guess on without end.
 */
export const endFactorFailures = (ctx: Context, identityId: string): Promise<void> =>
  beginRows(ctx, [guessesAt(ctx, "totp", identityId), guessesAt(ctx, "lookup_secret", identityId)]);

/** Forgets all guesses at a second factor that is another one now. */
export const forgetFactorGuesses = (ctx: Context, factor: GuessableFactor, identityId: string): Promise<void> =>
  forgetBudget(ctx, guessesAt(ctx, factor, identityId));
