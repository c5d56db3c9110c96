import { ErrorReason, problem } from "../../errors.ts";

/** What an administrator is told who asks of a credential what cannot be. */
export const refuse = (reason: string) => problem(ErrorReason.BAD_REQUEST, { reason });
