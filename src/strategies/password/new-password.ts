import type { Context } from "../../context.ts";
import { maxPasswordBytes } from "../../crypto/hash.ts";
import type { Complaint } from "../../flow/results.ts";
import {
  passwordBreached,
  passwordLabel,
  passwordPolicyViolated,
  passwordTooLong,
  passwordTooShort,
  passwordTooSimilar,
} from "../../ui/messages.ts";
import type { Message } from "../../ui/message.ts";
import { input } from "../../ui/node.ts";
import type { UiNode } from "../../ui/node.ts";
import { checkPassword } from "./policy.ts";
import type { PolicyViolation } from "./policy.ts";

/** Where people choose a password. */
export const newPasswordNode = (): UiNode =>
  input("password", "password", {
    type: "password",
    required: true,
    autocomplete: "new-password",
    label: passwordLabel(),
  });

/** Something wrong with the password that somebody chose. */
export const onPassword = (message: Message): Complaint => ({ message, node: "password", group: "password" });

/** What the policy has against a password for somebody of these names. */
export async function judge(
  ctx: Context,
  password: string,
  identifiers: readonly string[],
): Promise<Complaint | undefined> {
  const violation = await checkPassword(password, {
    identifiers,
    config: ctx.config.selfservice.methods.password.config,
    maxBytes: maxPasswordBytes(ctx.config.hashers),
    fetch: ctx.fetch,
    log: ctx.log,
    now: ctx.now,
  });
  return violation && onPassword(explain(violation));
}

function explain(violation: PolicyViolation): Message {
  switch (violation.kind) {
    case "too_short":
      return passwordTooShort(violation.min_length, violation.actual_length);
    case "too_long":
      return passwordTooLong(violation.max_length, violation.actual_length);
    case "too_similar":
      return passwordTooSimilar();
    case "breached":
      return passwordBreached(violation.breaches);
    case "common":
      return passwordPolicyViolated("This one is too common.");
    case "lookup_failed":
      return passwordPolicyViolated("We could not check it against known data breaches. Try again later.");
  }
}
