import { sendVerification } from "../../flows/send-verification.ts";
import type { Step } from "../../flow/strategy.ts";
import { abort, goOn, reject } from "../../flow/verdict.ts";
import { askSecret } from "../../proof/verification-form.ts";
import { isEmail, normaliseIdentifier } from "../../schema/normalise.ts";
import { verificationDone } from "../../ui/code-messages.ts";
import type { Message } from "../../ui/message.ts";
import { notAnEmail, propertyMissing } from "../../ui/messages.ts";

/** Proves an address by a link that is sent there: opening it is the proof. */
export const verification: Step<"verification", "link"> = {
  render: () => [],

  async submit(ctx, flow, { email }, attempt) {
    if (flow.state === "passed_challenge") return abort(verificationDone());
    if (!email) return refuse(propertyMissing("email"));
    if (!isEmail(email)) return refuse(notAnEmail(email));
    const to = { via: "email" as const, value: normaliseIdentifier(email) };
    await sendVerification(ctx, { flow, attempt }, "token", to);
    return goOn({ form: askSecret(ctx, flow, "link", email, "email", "email"), state: "sent_email" });
  },
};

const refuse = (message: Message) => ({ ...reject({ message, node: "email", group: "link" }), active: "link" });
