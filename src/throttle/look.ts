import type { Context } from "../context.ts";
import { type Budget, spentOf, waitFor } from "./budget.ts";
import { readBudgets } from "./budget-statements.ts";
import { codesTo } from "./code-guess.ts";
import { passwordsOf } from "./password-guess.ts";
import { type GuessableFactor, guessesAt } from "./second-factor-guess.ts";

/** How it stands with the guesses at something; looking spends none. */
export type Standing =
  | { readonly kind: "open" }
  /** The next guess is taken then. */
  | { readonly kind: "until"; readonly at: Date }
  /** So many failures in a row have ended it, until somebody proves otherwise who they are. */
  | { readonly kind: "ended" };

/** How it stands with guesses at the password behind an identifier, in its normal form, on devices that are not known. */
export const passwordStanding = (ctx: Context, identifier: string): Promise<Standing> =>
  ctx.config.selfservice.methods.password.config.throttle.enabled
    ? standingOf(ctx, passwordsOf(ctx, identifier))
    : Promise.resolve({ kind: "open" });

/** How it stands with guesses at codes to an address, in its normal form. */
export const codeStanding = (ctx: Context, address: string): Promise<Standing> =>
  standingOf(ctx, codesTo(ctx, address));

/** How it stands with guesses at a second factor of somebody. */
export const factorStanding = (ctx: Context, factor: GuessableFactor, identityId: string): Promise<Standing> =>
  standingOf(ctx, guessesAt(ctx, factor, identityId));

async function standingOf(ctx: Context, budget: Budget): Promise<Standing> {
  const rows = await readBudgets(ctx, [budget.id]);
  const now = ctx.now().getTime();
  const spent = spentOf(budget, rows.get(budget.id), now);
  if (spent.inARow >= budget.inARow) return { kind: "ended" };
  const waitMs = waitFor(budget, spent, 0);
  return waitMs > 0 ? { kind: "until", at: new Date(now + waitMs) } : { kind: "open" };
}
