import type { Context } from "../context.ts";
import { budgetOf } from "./budget.ts";
import type { Budget, Rate } from "./budget.ts";
import { beginRows, forgetBudget } from "./budget-statements.ts";
import { judgeGuess } from "./guess.ts";
import type { Judged } from "./guess.ts";

/** A second factor that can be guessed, and how often it may be, whatever flows the guesses come by. */
export interface GuessableFactor {
  /** Its kind of credential. */
  readonly type: string;
  readonly rate: Rate;
}

/** The guesses at a second factor of somebody. */
export const guessesAt = (ctx: Context, { type, rate }: GuessableFactor, identityId: string): Budget =>
  budgetOf(ctx, { what: type, whom: identityId }, rate);

/** Judges the code of a second factor, if another guess is allowed; if not, it is not looked at. */
export const judgeFactor = (
  ctx: Context,
  factor: GuessableFactor,
  identityId: string,
  isRight: () => Promise<boolean>,
): Promise<Judged> => judgeGuess(ctx, { whose: guessesAt(ctx, factor, identityId), isRight });

/** Ends the failures in a row at these second factors of somebody. */
export const endFailuresAt = (ctx: Context, factors: readonly GuessableFactor[], identityId: string): Promise<void> =>
  beginRows(
    ctx,
    factors.map((factor) => guessesAt(ctx, factor, identityId)),
  );

/** Forgets all guesses at a second factor that is another one now. */
export const forgetFactorGuesses = (ctx: Context, factor: GuessableFactor, identityId: string): Promise<void> =>
  forgetBudget(ctx, guessesAt(ctx, factor, identityId));
