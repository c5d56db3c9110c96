import { ErrorReason, problem } from "../../errors.ts";

/** Refuses the challenge of an OAuth 2 server: there is none to answer to. */
export function assertLoginChallenge(challenge: string | undefined): void {
  if (challenge === undefined) return;
  const reason =
    challenge === ""
      ? "The parameter login_challenge is empty."
      : "No OAuth 2 provider is configured, so no login_challenge is valid.";
  throw problem(ErrorReason.BAD_REQUEST, { reason });
}
