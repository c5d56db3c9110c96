import { ErrorReason, problem } from "../errors.ts";
import type { Problem } from "../errors.ts";

/** What an authorization server has said when it refused something. */
export interface Refusal {
  /** The HTTP status of its answer, where there was one. */
  readonly status?: number;
  /** What its operator may do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The error for a challenge that the authorization server does not know, or no longer. */
export const challengeRefused = (refusal: Refusal): Problem =>
  problem(ErrorReason.LOGIN_CHALLENGE_REFUSED, {
    reason: "The OAuth 2.0 server refused the login challenge. Begin the sign-in again at the application.",
    ...told(refusal),
  });

/** The error for a challenge that was used before: whoever comes with it is sent on to where the sign-in begins anew. */
export const challengeUsed = (redirectTo: string): Problem =>
  problem(ErrorReason.BROWSER_LOCATION_CHANGE_REQUIRED, {
    reason: "The login challenge was used before. Send the browser on to begin the sign-in again.",
    redirectBrowserTo: redirectTo,
    location: redirectTo,
  });

/** The error for an authorization server that did not answer, or not as it should. */
export const authorizationServerFailed = (reason: string, refusal: Refusal = {}): Problem =>
  problem(ErrorReason.AUTHORIZATION_SERVER_FAILED, { reason, ...told(refusal) });

/** As Kratos tells it. */
const told = ({ status, hint, cause }: Refusal) => ({
  ...((status !== undefined || hint !== undefined) && {
    details: {
      ...(status !== undefined && { status_code: status }),
      ...(hint !== undefined && { oauth2_error_hint: hint }),
    },
  }),
  ...(cause !== undefined && { cause }),
});
