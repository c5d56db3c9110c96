import type { Context } from "../../context.ts";
import { randomToken } from "../../crypto/token.ts";
import { giveChallenge } from "../../proof/challenge.ts";
import type { Flow } from "../../flow/flow.ts";
import { schemaOf } from "../../flow/flow-schema.ts";
import { onCredentialScreen } from "../../proof/profile-screen.ts";
import type { Remembering, Step } from "../../flow/strategy.ts";
import { advance } from "../../flow/progress.ts";
import { pass, reject } from "../../flow/verdict.ts";
import { displayNameFields } from "../../schema/display-names.ts";
import { withNodes } from "../../ui/form.ts";
import { noRegistrationStrategy, signUpWithPasskey } from "../../ui/messages.ts";
import { hidden, input } from "../../ui/node.ts";
import { scriptNode, triggerNode } from "../../webauthn/nodes.ts";
import { acceptPasskey, handleBytes, passkeyOptions } from "./creation.ts";

const group = "passkey";
const handleLength = 64;

/** Signs somebody up with a passkey. */
export const registration: Step<"registration", "passkey"> = {
  render: (ctx, flow) => (onCredentialScreen(ctx, flow) ? nodes(ctx, flow) : []),

  async submit(ctx, flow, { passkeyRegister: answer }) {
    if (!answer) return reject({ message: noRegistrationStrategy() });
    const accepted = await acceptPasskey(ctx, flow, answer);
    const { challengesSpent } = accepted;
    if ("complaint" in accepted) return { ...reject({ message: accepted.complaint }), challengesSpent };
    // The challenge is used up: should somebody have to try again, the form holds another.
    const next = await nodes(ctx, advance(flow, { challengesSpent }));
    const progress = { challengesSpent, form: withNodes(flow.ui, next.nodes), memory: next.memory };
    const { userHandle = "" } = accepted.challenge;
    const config = { credentials: [accepted.key], user_handle: userHandle };
    const identifiers = [Buffer.from(userHandle, "base64").toString()];
    return { ...pass({ credentials: [{ type: "passkey", identifiers, config }] }), ...progress };
  },
};

async function nodes(ctx: Context, flow: Flow): Promise<Remembering> {
  const inBrowser = flow.type === "browser";
  const { challenge, userHandle, memory } = giveChallenge(flow, "passkey", () => ({
    userHandle: Buffer.from(randomToken(handleLength)).toString("base64"),
  }));
  const fields = displayNameFields(await schemaOf(ctx, flow));
  const credentialOptions = passkeyOptions(ctx, { challenge, handle: handleBytes(userHandle), name: "", exclude: [] });
  const data = { credentialOptions, displayNameFieldName: fields[0] ?? "", displayNameFieldNames: fields };
  const shown = [
    ...(inBrowser ? [scriptNode(ctx)] : []),
    triggerNode(group, "passkey_register_trigger", "oryPasskeyRegistration", inBrowser, { label: signUpWithPasskey() }),
    input(group, "passkey_register", { type: "hidden" }),
    hidden(group, "passkey_create_data", JSON.stringify(data)),
  ];
  return { nodes: shown, memory };
}
