import type { Context } from "../../context.ts";
import type { Challenge } from "../../proof/challenge.ts";
import type { Attempt, FlowView } from "../../flow/attempt.ts";
import type { Flow } from "../../flow/flow.ts";
import { identifierNode } from "../../proof/identifier.ts";
import { acceptSignature } from "../../proof/key-ceremony.ts";
import type { KeyOwner } from "../../proof/key-ceremony.ts";
import { identifierGiven, shownMethods } from "../../proof/login-screen.ts";
import type { Remembering, Step } from "../../flow/strategy.ts";
import { advance } from "../../flow/progress.ts";
import { pass, provedBy, reject } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { findCredential } from "../../identity/repository.ts";
import { credentialOf } from "../../identity/set-credential.ts";
import { identityById } from "../../identity/statements.ts";
import { withNodes } from "../../ui/form.ts";
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
  async render(ctx, flow, attempt) {
    if (flow.type === "api") return [];
    if (!isKnown(flow)) {
      if (!shownMethods(ctx, flow).has(group) || !(await mayHaveKeys(ctx, flow))) return [];
      return [...(await identifierNode(ctx, flow, attempt)), submitNode(group, "method", group, signInWithKey())];
    }
    return ownNodes(ctx, flow, attempt);
  },

  async submit(ctx, flow, { identifier, webauthnLogin: answer }, attempt) {
    if (flow.type === "api") return reject({ message: noLoginStrategy() });
    const known = isKnown(flow);
    if (known && !ownerOf(ctx, attempt.account))
      return reject({ message: flow.requestedAal > 1 ? noKey() : noKeyOwner() });
    if (answer) return judge(ctx, { flow, attempt }, answer);
    return known
      ? reject({ message: propertyMissing("webauthn_login") })
      : askForKey(ctx, flow, identifier || (identifierGiven(flow) ?? ""));
  },
};

async function judge(ctx: Context, { flow, attempt }: FlowView<"login">, answer: string): Promise<Verdict<"login">> {
  const known = isKnown(flow);
  const signed = await acceptSignature(ctx, flow, {
    method: group,
    answer,
    requireVerification: false,
    find: async (_, challenge) => (known ? ownerOf(ctx, attempt.account) : askedOwner(ctx, challenge)),
  });
  const { challengesSpent } = signed;
  if ("complaint" in signed)
    return {
      ...reject({ message: signed.complaint }),
      challengesSpent,
      form: withNodes(flow.ui, [input(group, "webauthn_login", { type: "hidden" })]),
    };
  const passed = {
    ...pass({ identityId: signed.identityId, active: signed.active, method: provedBy(ctx, flow, group) }),
    challengesSpent,
  };
  if (!known) return passed;
  // The challenge is used up: should somebody have to try again, the form holds another.
  const { nodes, memory } = ownNodes(ctx, advance(flow, { challengesSpent }), attempt);
  return { ...passed, form: withNodes(flow.ui, nodes), memory };
}

/** What asks for a key of the person whom the session knows. */
function ownNodes(ctx: Context, flow: Flow<"login">, { account }: Attempt): Remembering {
  const keys = account ? servingKeys(ctx.config, credentialOf(account, group)) : [];
  if (!account || keys.length === 0) return { nodes: [], memory: {} };
  const { nodes, memory } = signatureNodes(ctx, flow, { identityId: account.id }, keys, signInWithKey());
  return { nodes: [ownerNode(nameOfAccount(account)), ...nodes], memory };
}

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
  return {
    identityId: identity.id,
    active: identity.state === "active",
    credential,
    keys,
    userHandle: userHandleOf(credential),
  };
}

/** The account whose name was given when the challenge was made; somebody made up, where nobody has that name. */
async function askedOwner(ctx: Context, { identityId, name = "" }: Challenge): Promise<KeyOwner | undefined> {
  const owner = identityId ? ownerOf(ctx, await identityById(ctx, identityId)) : undefined;
  if (owner || !ctx.config.security.account_enumeration.mitigate) return owner;
  return {
    active: false,
    credential: { id: "", revision: 0, config: {} },
    keys: decoyKeys(ctx, name),
    userHandle: undefined,
  };
}
