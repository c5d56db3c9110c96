import type { Context } from "../context.ts";
import { budgetOf } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { forgetBudget } from "./budget-statements.ts";
import { judgeGuess } from "./guess.ts";
import type { Judged } from "./guess.ts";

/** A password that somebody typed, and for whom. */
export interface TypedPassword {
  /** In its normal form; whether anybody has it makes no difference. */
  readonly identifier: string;
  /** Who guesses, as far as clients can be told apart. */
  readonly client?: string | undefined;
  /** What marks the device as one that the owner of the account signed in on before. */
  readonly device?: string | undefined;
  isRight(): Promise<boolean>;
}

/**
 * Judges a password, if another guess is allowed; if not, nothing is hashed. A device that the
 * account's owner is known by has a budget of its own, which no stranger can spend.
 */
export async function judgePassword(
  ctx: Context,
  { identifier, client, device, isRight }: TypedPassword,
): Promise<Judged> {
  const {
    enabled,
    per_account: perAccount,
    per_client: perClient,
  } = ctx.config.selfservice.methods.password.config.throttle;
  if (!enabled) return { right: await isRight() };
  const account = passwordsOf(ctx, identifier);
  if (device !== undefined) {
    const judged = await judgeGuess(ctx, {
      whose: budgetOf(ctx, { what: "password from device", whom: device }, perAccount),
      ends: account,
      isRight,
    });
    if ("right" in judged) return judged;
  }
  const byClient =
    client === undefined
      ? {}
      : { client: budgetOf(ctx, { what: "password by client", whom: client }, { ...perClient, in_a_row: 0 }) };
  return judgeGuess(ctx, { whose: account, ...byClient, isRight });
}

/** The guesses at an account, by the identifier that is typed: so an account that is not there has them as well. */
export const passwordsOf = (ctx: Context, identifier: string): Budget =>
  budgetOf(
    ctx,
    { what: "password of", whom: identifier },
    ctx.config.selfservice.methods.password.config.throttle.per_account,
  );

/** Forgets all wrong passwords for an account whose owner got back in otherwise, or which has another password now. */
export async function forgetPasswordGuesses(ctx: Context, identifiers: readonly string[]): Promise<void> {
  if (!ctx.config.selfservice.methods.password.config.throttle.enabled) return;
  for (const identifier of identifiers) await forgetBudget(ctx, passwordsOf(ctx, identifier));
}
