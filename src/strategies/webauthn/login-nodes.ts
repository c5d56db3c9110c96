import type { Context } from "../../context.ts";
import { giveChallenge } from "../../proof/challenge.ts";
import type { About, Challenged } from "../../proof/challenge.ts";
import type { Remembering } from "../../flow/strategy.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import type { Message } from "../../ui/message.ts";
import { hidden } from "../../ui/node.ts";
import type { UiNode } from "../../ui/node.ts";
import type { StoredKey } from "../../webauthn/keys.ts";
import { scriptNode, triggerNode } from "../../webauthn/nodes.ts";
import { requestOptions } from "../../webauthn/options.ts";
import { relyingParty } from "../../webauthn/relying-party.ts";
import { timeoutMs } from "./keys.ts";

const group = "webauthn";

/** What a form asks one of these keys with. */
export function signatureNodes(
  ctx: Context,
  flow: Challenged,
  about: About,
  keys: readonly Pick<StoredKey, "id" | "transport">[],
  label: Message,
): Remembering {
  const { challenge, memory } = giveChallenge(flow, group, () => about);
  const options = requestOptions({
    party: relyingParty(ctx.config, "webauthn"),
    challenge,
    timeoutMs,
    allow: keys,
    userVerification: "discouraged",
  });
  const nodes = [
    hidden(group, "webauthn_login", ""),
    scriptNode(ctx),
    triggerNode(group, "webauthn_login_trigger", "oryWebAuthnLogin", true, { value: JSON.stringify(options), label }),
  ];
  return { nodes, memory };
}

/** Whose key is asked for. */
export const ownerNode = (identifier: string): UiNode => hidden("default", "identifier", identifier);

/** The name of an account that is known already. */
export const nameOfAccount = ({ credentials }: IdentityWithCredentialsRow): string =>
  credentials.find(({ type }) => type === "webauthn")?.identifiers[0] ??
  credentials.find(({ type }) => type === "password")?.identifiers[0] ??
  "";
