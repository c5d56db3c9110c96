import { redeemCode } from "../../code/redeem.ts";
import type { Context } from "../../context.ts";
import { countCodeTry } from "../../proof/code-tries.ts";
import type { FlowView } from "../../flow/attempt.ts";
import type { Flow } from "../../flow/flow.ts";
import { sendVerification } from "../../flows/send-verification.ts";
import type { Step } from "../../flow/strategy.ts";
import { abort, goOn, goOnAfterFailure, pass, reject } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { askAgain, askSecret } from "../../proof/verification-form.ts";
import { normaliseIdentifier, viaOf } from "../../schema/normalise.ts";
import { verificationCodeInvalid, verificationDone } from "../../ui/code-messages.ts";
import { propertyMissing } from "../../ui/messages.ts";
import { tooManyTries } from "./tries.ts";

/** Proves an address by a code that is sent there. */
export const verification: Step<"verification", "code"> = {
  render: () => [],

  async submit(ctx, flow, { email, sms, code }, attempt) {
    if (flow.state === "passed_challenge") return abort(verificationDone());
    if (code) return prove(ctx, flow, code);
    const address = email || sms;
    if (address) return send(ctx, { flow, attempt }, address, email ? "email" : "sms");
    return {
      ...reject({ message: propertyMissing("email"), node: "email", group: "code" }),
      form: askAgain(ctx, flow.ui, "code"),
    };
  },
};

async function prove(ctx: Context, flow: Flow<"verification">, code: string): Promise<Verdict<"verification">> {
  if (!(await countCodeTry(ctx, flow))) return abort(tooManyTries());
  const proof = await redeemCode(ctx, { flowId: flow.id, purpose: "verification" }, code);
  if (proof?.identityId) return pass({ ...proof, identityId: proof.identityId });
  return { ...goOnAfterFailure({ form: { ...flow.ui, messages: [verificationCodeInvalid()] } }), payloadShown: true };
}

/** Sends a code, whether or not anybody has the address: the page is the same. */
async function send(
  ctx: Context,
  view: FlowView<"verification">,
  address: string,
  field: "email" | "sms",
): Promise<Verdict<"verification">> {
  const to = { via: viaOf(address), value: normaliseIdentifier(address) };
  await sendVerification(ctx, view, "digits", to);
  return goOn({ form: askSecret(ctx, view.flow, "code", address, field, to.via), state: "sent_email" });
}
