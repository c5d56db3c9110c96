import { isDeepStrictEqual } from "node:util";
import { redeemCode } from "../../code/redeem.ts";
import type { Context } from "../../context.ts";
import { countCodeTry } from "../../proof/code-tries.ts";
import type { Flow } from "../../flow/flow.ts";
import { csrfNode } from "../../proof/recovery-form.ts";
import { schemaOf } from "../../flow/flow-schema.ts";
import { onCredentialScreen, profileFirst } from "../../proof/screen.ts";
import { sendSecretNow } from "../../proof/send-secret.ts";
import type { Step } from "../../flow/strategy.ts";
import { goOn, pass, pending, reject } from "../../flow/strategy.ts";
import { identifiersOf } from "../../schema/identifiers.ts";
import { traitNodes } from "../../schema/trait-nodes.ts";
import {
  registrationCodeInvalid,
  registrationCodeLabel,
  registrationCodeSent,
  resendLabel,
  sendRegistrationCode,
  traitsChanged,
} from "../../ui/code-messages.ts";
import { orderNodes } from "../../ui/form.ts";
import type { Message } from "../../ui/message.ts";
import { back, continueLabel, identifierMissing } from "../../ui/messages.ts";
import { hidden, input, submitNode } from "../../ui/node.ts";
import { codeMissing } from "./code-missing.ts";
import { tooManyTries } from "./tries.ts";

/** Signs somebody up by a code that is sent to each address that they will sign in with. */
export const registration: Step<"registration", "code"> = {
  render: (ctx, flow) => (onCredentialScreen(ctx, flow) ? [submitNode("code", "method", "code", sendRegistrationCode())] : []),

  missing: ({ state }, { code, resend, screen }) =>
    state === "sent_email" && !code && !resend && screen !== "credential-selection" ? [codeMissing()] : [],

  async submit(ctx, flow, { code, resend, screen }) {
    if (screen === "credential-selection") {
      flow.state = "choose_method";
      return pending;
    }
    if (flow.state !== "sent_email" || resend || !code) return goOnOrRefuse(ctx, flow);
    if (!isDeepStrictEqual(flow.internal["traits"], flow.traits)) return refuse(flow, traitsChanged());
    return enter(ctx, flow, code);
  },
};

async function goOnOrRefuse(ctx: Context, flow: Flow) {
  const schema = await schemaOf(ctx, flow);
  const traits = flow.traits ?? {};
  const { code: to } = identifiersOf(schema, traits);
  if (to.length === 0) return reject({ message: identifierMissing() });
  flow.transientPayload ??= {};
  await sendSecretNow(ctx, flow, { purpose: "registration", kind: "digits", to, identity: undefined, traits });
  flow.state = "sent_email";
  flow.internal = { ...flow.internal, traits };
  const nodes = [
    csrfNode(),
    ...traitNodes(schema, traits, { hidden: true }),
    hidden("code", "method", "code"),
    input("code", "code", { type: "text", required: true, autocomplete: "one-time-code", label: registrationCodeLabel() }),
    submitNode("code", "method", "code", continueLabel()),
    submitNode("code", "resend", "code", resendLabel()),
    ...(profileFirst(ctx) ? [submitNode("profile", "screen", "credential-selection", back())] : []),
  ];
  return goOn({ nodes, messages: [registrationCodeSent()] });
}

async function enter(ctx: Context, flow: Flow, code: string) {
  if (!(await countCodeTry(ctx, flow))) return refuse(flow, tooManyTries());
  const proof = await redeemCode(ctx, { flowId: flow.id, purpose: "registration" }, code);
  if (!proof) return refuse(flow, registrationCodeInvalid());
  return pass({ credentials: [], verified: [proof] });
}

function refuse(flow: Flow, message: Message) {
  flow.ui.nodes = orderNodes("registration", flow.ui.nodes);
  return reject({ message });
}
