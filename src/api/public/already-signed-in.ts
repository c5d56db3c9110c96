import type { Context } from "../../context.ts";
import { ErrorReason, leadingTo, problem, toProblem } from "../../errors.ts";
import type { CallbackState } from "../../flow/callback-state.ts";
import { findFlow } from "../../flow/repository.ts";
import { destination } from "../../flow/return-to.ts";

/** Browsers that navigate are sent on, as if they had just signed in. */
export const alreadySignedIn = (ctx: Context, returnTo: string) =>
  problem(ErrorReason.SESSION_ALREADY_AVAILABLE, {
    reason: "A user is already signed in. Add refresh=true to confirm their identity.",
    location: destination(ctx, returnTo),
  });

/** Whoever comes back from elsewhere, and has signed in meanwhile, goes where their flow was to lead. */
export async function goOnSignedIn(
  ctx: Context,
  { kind, flowId }: Pick<CallbackState, "kind" | "flowId">,
  error: unknown,
): Promise<never> {
  const told = toProblem(error);
  if (told.reason !== ErrorReason.SESSION_ALREADY_AVAILABLE) throw error;
  const { returnTo } = await findFlow(ctx, kind, flowId);
  throw leadingTo(told, destination(ctx, returnTo));
}
