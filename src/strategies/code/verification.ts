import { redeemCode } from "../../code/redeem.ts";
import type { Context } from "../../context.ts";
import { countCodeTry } from "../../proof/code-tries.ts";
import type { Flow } from "../../flow/flow.ts";
import { sendVerification } from "../../flows/send-verification.ts";
import type { Step } from "../../flow/strategy.ts";
import { goOn, goOnAfterFailure, over, pass, reject } from "../../flow/strategy.ts";
import { askAgain, askSecret } from "../../proof/verification-form.ts";
import { normaliseIdentifier, viaOf } from "../../schema/normalise.ts";
import { verificationCodeInvalid, verificationDone } from "../../ui/code-messages.ts";
import { propertyMissing } from "../../ui/messages.ts";
import { tooManyTries } from "./tries.ts";

/** Proves an address by a code that is sent there. */
export const verification: Step<"verification", "code"> = {
  render: () => [],

  async submit(ctx, flow, { email, sms, code }) {
    if (flow.state === "passed_challenge") return over(verificationDone());
    if (code) return prove(ctx, flow, code);
    const address = email || sms;
    if (!address) {
      askAgain(ctx, flow.ui, "code");
      return reject({ message: propertyMissing("email"), node: "email", group: "code" });
    }
    return goOn(await send(ctx, flow, address, email ? "email" : "sms"));
  },
};

async function prove(ctx: Context, flow: Flow, code: string) {
  if (!(await countCodeTry(ctx, flow))) return over(tooManyTries());
  const proof = await redeemCode(ctx, { flowId: flow.id, purpose: "verification" }, code);
  if (proof?.identityId) return pass({ ...proof, identityId: proof.identityId });
  flow.transientPayload ??= {};
  return goOnAfterFailure({ ...flow.ui, messages: [verificationCodeInvalid()] });
}

/** Sends a code, whether or not anybody has the address: the page is the same. */
async function send(ctx: Context, flow: Flow, address: string, field: "email" | "sms") {
  const to = { via: viaOf(address), value: normaliseIdentifier(address) };
  await sendVerification(ctx, flow, "digits", to);
  flow.state = "sent_email";
  return askSecret(ctx, flow, "code", address, field, to.via);
}
