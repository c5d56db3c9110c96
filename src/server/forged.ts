import { ErrorReason, problem } from "../errors.ts";

/** Paths whose calls check for forgery themselves, or need not. */
const exempt =
  /^\/((sessions|schemas|identities|health|self-service\/[a-z]+\/api)(\/|$)|self-service\/(login|registration|settings|recovery|verification)$)/;

/** The error for a request that changes something on a path that takes none of the kind. */
export const forged = (path: string) =>
  exempt.test(path)
    ? undefined
    : problem(ErrorReason.SECURITY_CSRF_VIOLATION, {
        reason: "This path does not accept the request, which may be forged.",
        details: {
          docs: "https://owasp.org/www-community/attacks/csrf",
          hint: "See which call you meant.",
          reject_reason: "no call",
        },
      });
