import type { Context } from "../context.ts";
import { ErrorReason, problem } from "../errors.ts";
import type { SessionRow } from "../session/statements.ts";
import type { Flow } from "../flow/flow.ts";

/** Whether a session was signed in to so lately that it may change credentials. No age at all means: always. */
export function isPrivileged({ config, now }: Context, { authenticatedAt }: SessionRow): boolean {
  const { privileged_session_max_age: maxAge } = config.selfservice.flows.settings;
  return maxAge <= 0 || authenticatedAt.getTime() + maxAge > now().getTime();
}

/** The error that sends people to confirm who they are, and then back to what they were about to change. */
export function refreshRequired({ config }: Context, flow: Flow) {
  const base = config.serve.public.base_url;
  const submission = new URL(`self-service/settings?flow=${flow.id}`, base);
  const login = new URL("self-service/login/browser?refresh=true", base);
  login.searchParams.set("return_to", submission.href);
  return problem(ErrorReason.SESSION_REFRESH_REQUIRED, {
    reason: "This change requires a recent sign-in. Confirm your identity, then submit it again.",
    redirectBrowserTo: login.href,
    location: login.href,
  });
}
