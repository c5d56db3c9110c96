import type { Context } from "../../context.ts";
import type { Challenge } from "../../proof/challenge.ts";
import type { Flow } from "../../flow/flow.ts";
import { identifierNode } from "../../proof/identifier.ts";
import { acceptSignature } from "../../proof/key-ceremony.ts";
import type { KeyOwner } from "../../proof/key-ceremony.ts";
import { identifierGiven, shownMethods } from "../../proof/screen.ts";
import type { Step } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/strategy.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { findCredential } from "../../identity/repository.ts";
import { credentialOf } from "../../identity/set-credential.ts";
import { identityById } from "../../identity/statements.ts";
import { mergeNodes } from "../../ui/form.ts";
import { noKey, noKeyOwner, noLoginStrategy, propertyMissing, signInWithKey } from "../../ui/messages.ts";
import { input, submitNode } from "../../ui/node.ts";
import { decoyKeys } from "../../webauthn/decoy.ts";
import { userHandleOf } from "../../webauthn/keys.ts";
import { servingKeys } from "./keys.ts";
import { nameOfAccount, ownerNode, signatureNodes } from "./login-nodes.ts";
import { askForKey } from "./name-first.ts";

const group = "webauthn";

/** Signs somebody in by a security key, or adds one as the second factor. Only browsers can. */
export const login: Step<"login", "webauthn"> = {
  async render(ctx, flow) {
    if (flow.type === "api") return [];
    if (!isKnown(flow)) {
      if (!shownMethods(ctx, flow).has(group) || !(await mayHaveKeys(ctx, flow))) return [];
      return [...(await identifierNode(ctx, flow)), submitNode(group, "method", group, signInWithKey())];
    }
    const keys = flow.account ? servingKeys(ctx.config, credentialOf(flow.account, group)) : [];
    if (!flow.account || keys.length === 0) return [];
    return [ownerNode(nameOfAccount(flow.account)), ...signatureNodes(ctx, flow, keys, signInWithKey())];
  },

  async submit(ctx, flow, { identifier, webauthnLogin: answer }) {
    if (flow.type === "api") return reject({ message: noLoginStrategy() });
    const known = isKnown(flow);
    const { account } = flow;
    if (known && !ownerOf(ctx, account)) return reject({ message: flow.requestedAal > 1 ? noKey() : noKeyOwner() });
    if (!answer) return known ? reject({ message: propertyMissing("webauthn_login") }) : askForKey(ctx, flow, identifier || (identifierGiven(flow) ?? ""));
    const signed = await acceptSignature(ctx, flow, {
      method: group,
      answer,
      requireVerification: false,
      find: async (_, challenge) => (known ? ownerOf(ctx, account) : askedOwner(ctx, flow, challenge)),
    });
    if ("complaint" in signed) {
      mergeNodes(flow.ui.nodes, [input(group, "webauthn_login", { type: "hidden" })]);
      return reject({ message: signed.complaint });
    }
    // The challenge is used up: should somebody have to try again, the form holds another.
    if (known) mergeNodes(flow.ui.nodes, await login.render(ctx, flow));
    return pass(signed);
  },
};

/** Whether the session says whose key is asked for. */
const isKnown = ({ requestedAal, refresh }: Flow) => requestedAal > 1 || refresh;

/** Where a name was given before, the button is for those who have a key that signs in; for all, where that is not to be told. */
async function mayHaveKeys(ctx: Context, flow: Flow): Promise<boolean> {
  const name = identifierGiven(flow);
  if (!name || ctx.config.security.account_enumeration.mitigate) return true;
  return servingKeys(ctx.config, await findCredential(ctx, group, name)).length > 0;
}

function ownerOf({ config }: Context, identity: IdentityWithCredentialsRow | undefined): KeyOwner | undefined {
  const credential = identity && credentialOf(identity, group);
  const keys = servingKeys(config, credential);
  if (!identity || !credential || keys.length === 0) return undefined;
  return { identityId: identity.id, active: identity.state === "active", credential, keys, userHandle: userHandleOf(credential) };
}

/** The account whose name was given when the challenge was made; somebody made up, where nobody has that name. */
async function askedOwner(ctx: Context, flow: Flow, { identityId }: Challenge): Promise<KeyOwner | undefined> {
  const owner = identityId ? ownerOf(ctx, await identityById(ctx, identityId)) : undefined;
  if (owner || !ctx.config.security.account_enumeration.mitigate) return owner;
  const name = String(flow.internal["webauthn_name"] ?? "");
  return { active: false, credential: { id: "", revision: 0, config: {} }, keys: decoyKeys(ctx, name), userHandle: undefined };
}
