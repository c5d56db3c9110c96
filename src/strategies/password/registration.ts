import type { Context } from "../../context.ts";
import { createHash, maxPasswordBytes } from "../../crypto/hash.ts";
import { schemaOf } from "../../flow/registration-schema.ts";
import { onCredentialScreen } from "../../flow/screen.ts";
import type { Complaint, Step } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/strategy.ts";
import { identifiersOf } from "../../schema/identifiers.ts";
import {
  identifierMissing,
  passwordBreached,
  passwordLabel,
  passwordPolicyViolated,
  passwordTooLong,
  passwordTooShort,
  passwordTooSimilar,
  propertyMissing,
  signUp,
} from "../../ui/messages.ts";
import type { Message } from "../../ui/message.ts";
import { input, submitNode } from "../../ui/node.ts";
import { checkPassword } from "./policy.ts";
import type { PolicyViolation } from "./policy.ts";

/** Signs somebody up with a password. */
export const registration: Step<"registration", "password"> = {
  render(ctx, flow) {
    if (!onCredentialScreen(ctx, flow)) return [];
    return [
      input("password", "password", {
        type: "password",
        required: true,
        autocomplete: "new-password",
        label: passwordLabel(),
      }),
      submitNode("password", "method", "password", signUp()),
    ];
  },

  async submit(ctx, flow, { password }) {
    if (!password) return reject(onPassword(propertyMissing("password")));
    const { password: identifiers } = identifiersOf(await schemaOf(ctx, flow), flow.traits ?? {});
    if (!identifiers.length) return reject({ message: identifierMissing() });
    const violation = await judge(ctx, password, identifiers);
    if (violation) return reject(onPassword(explain(violation)));
    const hashed_password = await createHash(password, ctx.config.hashers);
    return pass({ credentials: [{ type: "password", identifiers, config: { hashed_password } }] });
  },
};

const onPassword = (message: Message): Complaint => ({ message, node: "password", group: "password" });

const judge = (ctx: Context, password: string, identifiers: readonly string[]) =>
  checkPassword(password, {
    identifiers,
    config: ctx.config.selfservice.methods.password.config,
    maxBytes: maxPasswordBytes(ctx.config.hashers),
    fetch: ctx.fetch,
    log: ctx.log,
  });

/** The message for a password that the policy does not take. */
export function explain(violation: PolicyViolation): Message {
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
      return passwordPolicyViolated("It is among the passwords that are tried first.");
    case "lookup_failed":
      return passwordPolicyViolated("It could not be checked against known breaches; try again later.");
  }
}
