import { codeLength } from "../../code/length.ts";
import { redeemCode } from "../../code/redeem.ts";
import type { Context } from "../../context.ts";
import { countCodeTry } from "../../proof/code-tries.ts";
import type { Flow } from "../../flow/flow.ts";
import { askRecoveryCode, choosesAddress } from "../../proof/recovery-form.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import type { Step } from "../../flow/strategy.ts";
import { goOn, goOnAfterFailure, over, pass, reject } from "../../flow/strategy.ts";
import { identityByRecoveryAddress } from "../../identity/address-statements.ts";
import { isEmail, normaliseIdentifier } from "../../schema/normalise.ts";
import { recoveryCodeInvalid, recoveryCodeSent, recoveryDone } from "../../ui/code-messages.ts";
import type { Message } from "../../ui/message.ts";
import { notAnEmail, propertyMissing } from "../../ui/messages.ts";
import { codeMissing } from "./code-missing.ts";
import { chooseAddress } from "./recovery-choice.ts";
import { tooManyTries } from "./tries.ts";

/** Lets somebody back in by a code that is sent to an address of theirs. */
export const recovery: Step<"recovery", "code"> = {
  render: () => [],

  async submit(ctx, flow, input) {
    flow.active = "code";
    if (flow.state === "passed_challenge") return over(recoveryDone());
    if (input.code) return prove(ctx, flow, input.code);
    if (choosesAddress(ctx)) return chooseAddress(ctx, flow, input);
    const { email } = input;
    if (!email) return reject(flow.state === "sent_email" ? codeMissing() : onEmail(propertyMissing("email")));
    if (!isEmail(email)) return reject(onEmail(notAnEmail(email)));
    return goOn({ nodes: await send(ctx, flow, email), messages: [recoveryCodeSent()] });
  },
};

const onEmail = (message: Message) => ({ message, node: "email", group: "code" });

async function prove(ctx: Context, flow: Flow, code: string) {
  if (!(await countCodeTry(ctx, flow))) return over(tooManyTries());
  const proof = await redeemCode(ctx, { flowId: flow.id, purpose: "recovery" }, code);
  if (!choosesAddress(ctx)) flow.transientPayload ??= {};
  if (proof?.identityId) return pass({ ...proof, identityId: proof.identityId });
  return goOnAfterFailure({ nodes: flow.ui.nodes, messages: [recoveryCodeInvalid()] });
}

/** Sends a code, whether or not anybody gets back in by the address: the page is the same. */
async function send(ctx: Context, flow: Flow, email: string) {
  const to = { via: "email" as const, value: normaliseIdentifier(email) };
  const identity = await identityByRecoveryAddress(ctx, to);
  flow.transientPayload ??= {};
  await sendSecretNow(ctx, flow, { purpose: "recovery", kind: "digits", to: [to], identity: identity?.state === "active" ? identity : undefined });
  flow.state = "sent_email";
  return askRecoveryCode(email, await codeLength(ctx, { via: to.via, address: to.value }));
}
