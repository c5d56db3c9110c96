import type { RequiredAal } from "../config/required-aal.ts";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { SessionRow } from "./statements.ts";

/** Refuses a session that has proved less than the configuration asks of this account. */
export function assertAal(ctx: Context, session: SessionRow, required: RequiredAal): void {
  if (required === "aal1" || session.aal >= session.identity.availableAal) return;
  const url = new URL("self-service/login/browser?aal=aal2", ctx.config.serve.public.base_url);
  throw problem(ErrorReason.SESSION_AAL2_REQUIRED, {
    reason: "The account has a second factor, and the session has not proved it.",
    details: { redirect_browser_to: url.href },
    redirectBrowserTo: url.href,
  });
}
