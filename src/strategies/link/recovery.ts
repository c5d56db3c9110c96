import { emailNode } from "../../proof/recovery-form.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import type { Step } from "../../flow/strategy.ts";
import { goOn, over, reject } from "../../flow/strategy.ts";
import { identityByRecoveryAddress } from "../../identity/address-statements.ts";
import { isEmail, normaliseIdentifier } from "../../schema/normalise.ts";
import { recoveryDone, recoveryLinkSent } from "../../ui/code-messages.ts";
import { notAnEmail, propertyMissing } from "../../ui/messages.ts";
import { nameOf } from "../../ui/node.ts";

/** Lets somebody back in by a link that is sent to an address of theirs. */
export const recovery: Step<"recovery", "link"> = {
  render: () => [],

  async submit(ctx, flow, { email }) {
    flow.active = "link";
    if (flow.state === "passed_challenge") return over(recoveryDone());
    if (!email) return reject({ message: propertyMissing("email"), node: "email", group: "link" });
    if (!isEmail(email)) return reject({ message: notAnEmail(email), node: "email", group: "link" });
    const to = { via: "email" as const, value: normaliseIdentifier(email) };
    const identity = await identityByRecoveryAddress(ctx, to);
    flow.transientPayload ??= {};
    await sendSecretNow(ctx, flow, { purpose: "recovery", kind: "token", to: [to], identity: identity?.state === "active" ? identity : undefined });
    flow.state = "sent_email";
    // The rest of the form stays: it may be one of codes.
    const nodes = flow.ui.nodes.map((node) => (nameOf(node) === "email" ? emailNode("link", email) : node));
    return goOn({ nodes, messages: [recoveryLinkSent()] });
  },
};
