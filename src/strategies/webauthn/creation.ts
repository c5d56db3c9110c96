import type { Context } from "../../context.ts";
import { giveChallenge } from "../../proof/challenge.ts";
import { acceptNewKey } from "../../proof/key-ceremony.ts";
import type { Challenged } from "../../proof/challenge.ts";
import type { Flow } from "../../flow/flow.ts";
import type { Remembering } from "../../flow/strategy.ts";
import type { Message } from "../../ui/message.ts";
import { keyName } from "../../ui/messages.ts";
import { hidden, input } from "../../ui/node.ts";
import type { StoredKey } from "../../webauthn/keys.ts";
import { scriptNode, triggerNode } from "../../webauthn/nodes.ts";
import { creationOptions } from "../../webauthn/options.ts";
import { relyingParty } from "../../webauthn/relying-party.ts";
import { isPasswordless, timeoutMs } from "./keys.ts";

const group = "webauthn";

/** What a form asks for a new key with. */
export function creationNodes(
  ctx: Context,
  flow: Challenged,
  about: { readonly handle: () => Uint8Array; readonly exclude: readonly StoredKey[]; readonly label: Message },
): Remembering {
  const party = relyingParty(ctx.config, group);
  const {
    challenge,
    userHandle = "",
    memory,
  } = giveChallenge(flow, group, () => ({
    userHandle: Buffer.from(about.handle()).toString("base64"),
  }));
  const options = creationOptions({
    party,
    user: { id: Uint8Array.from(Buffer.from(userHandle, "base64")), name: party.name },
    challenge,
    timeoutMs,
    exclude: about.exclude,
    selection: { userVerification: "discouraged" },
  });
  const value = JSON.stringify(options);
  const nodes = [
    input(group, "webauthn_register_displayname", { type: "text", value: "", label: keyName() }),
    hidden(group, "webauthn_register", ""),
    triggerNode(group, "webauthn_register_trigger", "oryWebAuthnRegistration", true, { value, label: about.label }),
    scriptNode(ctx),
  ];
  return { nodes, memory };
}

/** Judges a new security key. */
export const acceptKey = (ctx: Context, flow: Flow, answer: string, name: string) =>
  acceptNewKey(ctx, flow, {
    method: group,
    answer,
    name: name || "unnamed",
    passwordless: isPasswordless(ctx.config),
    requireVerification: false,
    requireAttestation: false,
  });
