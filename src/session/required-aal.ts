import type { RequiredAal } from "../config/config.ts";
import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import { availableAal } from "../identity/factors.ts";
import type { SessionRow } from "./statements.ts";

/** Refuses a session that has proved less than the configuration asks of this account. Its browser may come back to where it was. */
export function assertAal(ctx: Context, session: SessionRow, required: RequiredAal, returnTo?: string): void {
  if (meetsAal(ctx, session, required)) return;
  throw secondFactorRequired(ctx, returnTo);
}

/** The error that sends people to prove their second factor. */
export function secondFactorRequired(ctx: Context, returnTo?: string) {
  const url = secondFactorUrl(ctx, returnTo);
  return problem(ErrorReason.SESSION_AAL2_REQUIRED, {
    reason: "The account has a second factor, but the session was not confirmed with it.",
    details: { redirect_browser_to: url },
    redirectBrowserTo: url,
    location: url,
  });
}

/** Whether a session has proved as much as is asked of its account. Who acts in place of its person can prove nothing of theirs. */
export const meetsAal = ({ config }: Context, { aal, act, identity }: SessionRow, required: RequiredAal): boolean =>
  required === "aal1" || act !== null || aal >= availableAal(config, identity);

/** Where a browser goes to prove a second factor, and for which authorization server. */
export function secondFactorUrl({ config }: Context, returnTo?: string | null, loginChallenge?: string | null): string {
  const url = new URL("self-service/login/browser?aal=aal2", config.serve.public.base_url);
  if (loginChallenge) url.searchParams.set("login_challenge", loginChallenge);
  if (returnTo) url.searchParams.set("return_to", returnTo);
  return url.href;
}
