import { sendVerification } from "../../flows/send-verification.ts";
import type { Step } from "../../flow/strategy.ts";
import { goOn, over, reject } from "../../flow/strategy.ts";
import { askSecret } from "../../proof/verification-form.ts";
import { isEmail, normaliseIdentifier } from "../../schema/normalise.ts";
import { verificationDone } from "../../ui/code-messages.ts";
import { notAnEmail, propertyMissing } from "../../ui/messages.ts";

/** Proves an address by a link that is sent there: opening it is the proof. */
export const verification: Step<"verification", "link"> = {
  render: () => [],

  async submit(ctx, flow, { email }) {
    flow.active = "link";
    if (flow.state === "passed_challenge") return over(verificationDone());
    if (!email) return reject({ message: propertyMissing("email"), node: "email", group: "link" });
    if (!isEmail(email)) return reject({ message: notAnEmail(email), node: "email", group: "link" });
    const to = { via: "email" as const, value: normaliseIdentifier(email) };
    await sendVerification(ctx, flow, "token", to);
    flow.state = "sent_email";
    return goOn(askSecret(ctx, flow, "link", email, "email", "email"));
  },
};
