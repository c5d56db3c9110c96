import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { destination } from "../../flow/return-to.ts";

/** Browsers that navigate are sent on, as if they had just signed in. */
export const alreadySignedIn = (ctx: Context, returnTo: string) =>
  problem(ErrorReason.SESSION_ALREADY_AVAILABLE, {
    reason: "A user is already signed in. Add refresh=true to confirm their identity.",
    location: destination(ctx, returnTo),
  });
