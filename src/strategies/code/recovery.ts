import { codeLength } from "../../code/length.ts";
import { redeemCode } from "../../code/redeem.ts";
import type { Context } from "../../context.ts";
import { countCodeTry } from "../../proof/code-tries.ts";
import type { FlowView } from "../../flow/attempt.ts";
import { askRecoveryCode, choosesAddress } from "../../proof/recovery-form.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import type { Input, Step } from "../../flow/strategy.ts";
import { abort, goOn, goOnAfterFailure, pass, reject } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
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

  async submit(ctx, flow, input, attempt) {
    return { active: "code", ...(await judge(ctx, { flow, attempt }, input)) };
  },
};

async function judge(
  ctx: Context,
  view: FlowView<"recovery">,
  input: Input<"recovery", "code">,
): Promise<Verdict<"recovery">> {
  const { state } = view.flow;
  if (state === "passed_challenge") return abort(recoveryDone());
  if (input.code) return prove(ctx, view, input.code);
  if (choosesAddress(ctx)) return chooseAddress(ctx, view, input);
  const { email } = input;
  if (!email) return reject(state === "sent_email" ? codeMissing() : onEmail(propertyMissing("email")));
  if (!isEmail(email)) return reject(onEmail(notAnEmail(email)));
  return send(ctx, view, email);
}

const onEmail = (message: Message) => ({ message, node: "email", group: "code" });

async function prove(ctx: Context, { flow }: FlowView<"recovery">, code: string): Promise<Verdict<"recovery">> {
  if (!(await countCodeTry(ctx, flow))) return abort(tooManyTries());
  const proof = await redeemCode(ctx, { flowId: flow.id, purpose: "recovery" }, code);
  const shown = choosesAddress(ctx) ? {} : ({ payloadShown: true } as const);
  if (proof?.identityId) return { ...pass({ ...proof, identityId: proof.identityId }), ...shown };
  return { ...goOnAfterFailure({ form: { nodes: flow.ui.nodes, messages: [recoveryCodeInvalid()] } }), ...shown };
}

/** Sends a code, whether or not anybody gets back in by the address: the page is the same. */
async function send(
  ctx: Context,
  { flow, attempt }: FlowView<"recovery">,
  email: string,
): Promise<Verdict<"recovery">> {
  const to = { via: "email" as const, value: normaliseIdentifier(email) };
  const found = await identityByRecoveryAddress(ctx, to);
  const identity = found?.state === "active" ? found : undefined;
  await sendSecretNow(ctx, flow, {
    purpose: "recovery",
    kind: "digits",
    to: [to],
    identity,
    transientPayload: attempt.transientPayload,
  });
  const nodes = askRecoveryCode(email, await codeLength(ctx, { via: to.via, address: to.value }));
  return { ...goOn({ form: { nodes, messages: [recoveryCodeSent()] }, state: "sent_email" }), payloadShown: true };
}
