import { isDeepStrictEqual } from "node:util";
import { redeemCode } from "../../code/redeem.ts";
import type { Context } from "../../context.ts";
import { countCodeTry } from "../../proof/code-tries.ts";
import type { FlowView } from "../../flow/attempt.ts";
import type { Flow } from "../../flow/flow.ts";
import { csrfNode } from "../../proof/recovery-form.ts";
import { schemaOf } from "../../flow/flow-schema.ts";
import { registrationTraitNodes } from "../../proof/invited.ts";
import { onCredentialScreen, profileFirst, rememberProfile, typedProfile } from "../../proof/profile-screen.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import type { Step } from "../../flow/strategy.ts";
import { goOn, pass, reject } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { orderNodes } from "../../flow/order-nodes.ts";
import { identifiersOf } from "../../schema/identifiers.ts";
import {
  registrationCodeInvalid,
  registrationCodeLabel,
  registrationCodeSent,
  resendLabel,
  sendRegistrationCode,
  traitsChanged,
} from "../../ui/code-messages.ts";
import type { Message } from "../../ui/message.ts";
import { back, continueLabel, identifierMissing } from "../../ui/messages.ts";
import { hidden, input, submitNode } from "../../ui/node.ts";
import { codeMissing } from "./code-missing.ts";
import { tooManyTries } from "./tries.ts";

/** Signs somebody up by a code that is sent to each address that they will sign in with. */
export const registration: Step<"registration", "code"> = {
  render: (ctx, flow) =>
    onCredentialScreen(ctx, flow) ? [submitNode("code", "method", "code", sendRegistrationCode())] : [],

  missing: ({ state }, { code, resend, screen }) =>
    state === "sent_email" && !code && !resend && screen !== "credential-selection" ? [codeMissing()] : [],

  async submit(ctx, flow, { code, resend, screen }, attempt) {
    if (screen === "credential-selection") return goOn({ state: "choose_method" });
    if (flow.state !== "sent_email" || resend || !code) return goOnOrRefuse(ctx, { flow, attempt });
    if (!isDeepStrictEqual(typedProfile(flow), attempt.traits)) return refuse(flow, traitsChanged());
    return enter(ctx, flow, code);
  },
};

async function goOnOrRefuse(
  ctx: Context,
  { flow, attempt }: FlowView<"registration">,
): Promise<Verdict<"registration">> {
  const schema = await schemaOf(ctx, flow);
  const { traits = {}, transientPayload } = attempt;
  const { code: to } = identifiersOf(schema, traits);
  if (to.length === 0) return reject({ message: identifierMissing() });
  await sendSecretNow(ctx, flow, {
    purpose: "registration",
    kind: "digits",
    to,
    identity: undefined,
    traits,
    transientPayload,
  });
  const nodes = [
    csrfNode(),
    ...(await registrationTraitNodes(ctx, flow, traits, { hidden: true })),
    hidden("code", "method", "code"),
    input("code", "code", {
      type: "text",
      required: true,
      autocomplete: "one-time-code",
      label: registrationCodeLabel(),
    }),
    submitNode("code", "method", "code", continueLabel()),
    submitNode("code", "resend", "code", resendLabel()),
    ...(profileFirst(ctx) ? [submitNode("profile", "screen", "credential-selection", back())] : []),
  ];
  const form = { nodes, messages: [registrationCodeSent()] };
  return { ...goOn({ form, state: "sent_email", memory: rememberProfile(flow, { traits }) }), payloadShown: true };
}

async function enter(ctx: Context, flow: Flow<"registration">, code: string): Promise<Verdict<"registration">> {
  if (!(await countCodeTry(ctx, flow))) return refuse(flow, tooManyTries());
  const proof = await redeemCode(ctx, { flowId: flow.id, purpose: "registration" }, code);
  if (!proof) return refuse(flow, registrationCodeInvalid());
  return pass({ credentials: [], verified: [proof] });
}

const refuse = ({ ui }: Flow, message: Message) => ({
  ...reject({ message }),
  form: { ...ui, nodes: orderNodes("registration", ui.nodes) },
});
