import type { Context } from "../context.ts";
import { ErrorReason, reasonOf } from "../errors.ts";
import { isSameBrowser } from "../flow/csrf.ts";
import type { Flow } from "../flow/flow.ts";
import { acceptLogin } from "../oauth2/accept-login.ts";
import { loginRequestOf } from "../oauth2/login-challenge.ts";
import type { IssuedSession } from "../session/issue.ts";
import { openSessionOf, pendingLogin } from "./pending-login.ts";

/** Where a browser goes on, and the session that it is handed on the way. */
export interface LoginGoesOn {
  readonly url: string;
  readonly issued?: IssuedSession;
}

/**
 * Goes on with the sign-in that an authorization server waits for, now that an address is verified. Undefined where none waits, or no
 * longer, and in any browser but the one that the sign-in began in: whoever follows a link must not be signed in by it.
 */
export async function continueLogin(ctx: Context, flow: Flow): Promise<LoginGoesOn | undefined> {
  const { oauth2LoginChallenge: challenge, identityId, state, active } = flow;
  if (flow.kind !== "verification" || state !== "passed_challenge") return undefined;
  if (challenge === null || identityId === null) return undefined;
  if (!isSameBrowser(ctx, flow) || !(await stillWaits(ctx, challenge))) return undefined;
  const pending = pendingLogin.of(flow);
  const cause = { reason: `verification.${active as "code" | "link"}` } as const;
  const opened = pending && (await openSessionOf(ctx, identityId, pending, cause));
  if (!opened) return { url: loginUrl(ctx, challenge, flow.returnTo) };
  const url = await acceptLogin(ctx, challenge, opened.session);
  return { url, ...(opened.issued && { issued: opened.issued }) };
}

async function stillWaits(ctx: Context, challenge: string): Promise<boolean> {
  try {
    await loginRequestOf(ctx, challenge);
    return true;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === ErrorReason.BROWSER_LOCATION_CHANGE_REQUIRED || reason === ErrorReason.LOGIN_CHALLENGE_REFUSED)
      return false;
    throw error;
  }
}

/** Where somebody signs in once more. */
function loginUrl({ config }: Context, challenge: string, returnTo: string | null): string {
  const url = new URL("self-service/login/browser", config.serve.public.base_url);
  url.searchParams.set("login_challenge", challenge);
  if (returnTo) url.searchParams.set("return_to", returnTo);
  return url.href;
}
