import type { Config } from "../config/config.ts";
import type { Call } from "../context.ts";
import { ErrorReason, problem, type Problem } from "../errors.ts";
import { consoleAddress } from "./console-origin.ts";

/** The address that a browser is sent to, to sign in to the console. */
export const signInAddress = (config: Config, { url }: Pick<Call, "url">): string =>
  new URL("admin/console/sign-in", consoleAddress(config, url)).href;

/** That a call has no credential, or none that counts. */
export function credentialRequired(config: Config, call: Pick<Call, "url" | "headers" | "reply">): Problem {
  call.reply.headers.set("www-authenticate", 'Bearer realm="Ostiary admin API"');
  const missing = !call.headers.has("authorization") && !call.headers.has("cookie");
  return problem(ErrorReason.ADMIN_CREDENTIAL_REQUIRED, {
    reason: missing
      ? "The request carries no credential: neither an API key nor a session of the console nor a client certificate."
      : "The API key or the session of the console is invalid, expired or revoked.",
    redirectBrowserTo: signInAddress(config, call),
    credentialsMissing: missing,
  });
}

/** That a credential is not good for a call. */
export const scopeRequired = (
  scope: string,
  why = `The credential lacks the scope ${JSON.stringify(scope)}.`,
): Problem => problem(ErrorReason.ADMIN_SCOPE_REQUIRED, { reason: why, details: { scope } });
