import { emailNode } from "../../proof/recovery-form.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import type { Step } from "../../flow/strategy.ts";
import { abort, goOn, reject } from "../../flow/verdict.ts";
import { identityByRecoveryAddress } from "../../identity/address-statements.ts";
import { isEmail, normaliseIdentifier } from "../../schema/normalise.ts";
import { recoveryDone, recoveryLinkSent } from "../../ui/code-messages.ts";
import type { Message } from "../../ui/message.ts";
import { notAnEmail, propertyMissing } from "../../ui/messages.ts";
import { nameOf } from "../../ui/node.ts";

/** Lets somebody back in by a link that is sent to an address of theirs. */
export const recovery: Step<"recovery", "link"> = {
  render: () => [],

  async submit(ctx, flow, { email }, { transientPayload }) {
    if (flow.state === "passed_challenge") return abort(recoveryDone());
    if (!email) return refuse(propertyMissing("email"));
    if (!isEmail(email)) return refuse(notAnEmail(email));
    const to = { via: "email" as const, value: normaliseIdentifier(email) };
    const found = await identityByRecoveryAddress(ctx, to);
    const identity = found?.state === "active" ? found : undefined;
    await sendSecretNow(ctx, flow, { purpose: "recovery", kind: "token", to: [to], identity, transientPayload });
    // The rest of the form stays: it may be one of codes.
    const nodes = flow.ui.nodes.map((node) => (nameOf(node) === "email" ? emailNode("link", email) : node));
    return { ...goOn({ form: { nodes, messages: [recoveryLinkSent()] }, state: "sent_email" }), payloadShown: true };
  },
};

const refuse = (message: Message) => ({ ...reject({ message, node: "email", group: "link" }), active: "link" });
