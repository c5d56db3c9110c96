import type { Context } from "../../context.ts";
import { giveChallenge } from "../../proof/challenge.ts";
import type { Flow } from "../../flow/flow.ts";
import { identifierNode } from "../../proof/identifier.ts";
import { acceptSignature } from "../../proof/key-ceremony.ts";
import type { KeyOwner } from "../../proof/key-ceremony.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { asksIdentifier, shownMethods } from "../../proof/login-screen.ts";
import type { Attempt, FlowView } from "../../flow/attempt.ts";
import { advance } from "../../flow/progress.ts";
import type { Remembering, Step } from "../../flow/strategy.ts";
import { pass, provedBy, redirect, reject } from "../../flow/verdict.ts";
import type { CredentialRow, IdentityRow } from "../../identity/rows.ts";
import { credentialOf } from "../../identity/set-credential.ts";
import { credentialByIdentifier, identityById } from "../../identity/statements.ts";
import { withNodes } from "../../ui/form.ts";
import { signInWithPasskey } from "../../ui/messages.ts";
import { hidden, input } from "../../ui/node.ts";
import type { SignedAnswer } from "../../webauthn/answer.ts";
import { identityOfHandle, textOfHandle } from "../../webauthn/handle.ts";
import { keysOf, userHandleOf } from "../../webauthn/keys.ts";
import { scriptNode, triggerNode } from "../../webauthn/nodes.ts";
import { requestOptions } from "../../webauthn/options.ts";
import { relyingParty } from "../../webauthn/relying-party.ts";

const group = "passkey";
const usualTimeoutMs = 300_000;

/** Signs somebody in by a passkey; the authenticator says who it is. */
export const login: Step<"login", "passkey"> = {
  async render(ctx, flow, attempt) {
    if (!asksIdentifier(ctx, flow) && !shownMethods(ctx, flow).has("passkey")) return [];
    if (flow.refresh && !ownPasskeys(attempt)) return [];
    const { nodes, memory } = draw(ctx, flow, attempt);
    return { nodes: [...(await identifierNode(ctx, flow, attempt)), ...nodes], memory };
  },

  async submit(ctx, flow, { passkeyLogin: answer }, attempt) {
    if (!answer) return redirect(uiLocation(ctx, "login", flow.id), {});
    const { user_verification: verification } = ctx.config.selfservice.methods.passkey.config.authenticator_selection;
    const signed = await acceptSignature(ctx, flow, {
      method: "passkey",
      answer,
      requireVerification: verification === "required",
      find: (said) => findOwner(ctx, { flow, attempt }, said),
    });
    const { challengesSpent } = signed;
    if ("complaint" in signed) return { ...reject({ message: signed.complaint }), challengesSpent };
    const { identityId, active } = signed;
    // The challenge is used up: should somebody have to try again, the form holds another.
    const { nodes, memory } = draw(ctx, advance(flow, { challengesSpent }), attempt);
    return {
      ...pass({ identityId, active, method: provedBy(ctx, flow, group) }),
      challengesSpent,
      form: withNodes(flow.ui, nodes),
      memory,
    };
  },
};

const ownPasskeys = ({ account }: Attempt) => account && credentialOf(account, "passkey");

function draw(ctx: Context, flow: Flow, attempt: Attempt): Remembering {
  const { authenticator_selection: selection, timeouts } = ctx.config.selfservice.methods.passkey.config;
  const inBrowser = flow.type === "browser";
  const completes = flow.refresh ? {} : autocompletion(inBrowser);
  const { account } = attempt;
  const { challenge, memory } = giveChallenge(flow, group, () => (account ? { identityId: account.id } : {}));
  const options = requestOptions({
    party: relyingParty(ctx.config, "passkey"),
    challenge,
    timeoutMs: timeouts.login ?? usualTimeoutMs,
    allow: flow.refresh ? keysOf(ownPasskeys(attempt)) : [],
    userVerification: selection.user_verification,
  });
  const nodes = [
    ...(inBrowser ? [scriptNode(ctx)] : []),
    triggerNode(group, "passkey_login_trigger", "oryPasskeyLogin", inBrowser, {
      value: "",
      label: signInWithPasskey(),
    }),
    input(group, "passkey_login", { type: "hidden", ...completes }),
    hidden(group, "passkey_challenge", JSON.stringify(options)),
  ];
  return { nodes, memory };
}

/** Browsers offer passkeys where the name is typed, once this is called. */
function autocompletion(inBrowser: boolean) {
  const trigger = "oryPasskeyLoginAutocompleteInit";
  return { onloadTrigger: trigger, ...(inBrowser && { onload: `window.${trigger}()` }) };
}

/** The account that an authenticator names. Who confirms who they are can be nobody else. */
async function findOwner(
  ctx: Context,
  { flow: { refresh }, attempt: { account } }: FlowView,
  { userHandle }: SignedAnswer,
): Promise<KeyOwner | undefined> {
  if (refresh) {
    const credential = account && credentialOf(account, "passkey");
    return credential && ownerOf(account, credential);
  }
  const handle = userHandle && textOfHandle(userHandle);
  const found = handle ? await credentialByIdentifier(ctx, "passkey", handle) : undefined;
  if (found) {
    const { credentialId: id, revision, config, identityId, identityState } = found;
    const credential = { id, revision, config };
    return {
      identityId,
      active: identityState === "active",
      credential,
      keys: keysOf(found),
      userHandle: userHandleOf(found),
    };
  }
  return userHandle && findKeyOwner(ctx, userHandle);
}

/** A security key that signs in alone may be one that the authenticator remembers: then it serves as a passkey. */
async function findKeyOwner(ctx: Context, handle: Uint8Array): Promise<KeyOwner | undefined> {
  const identity = await identityById(ctx, identityOfHandle(handle) ?? "");
  const credential = identity && credentialOf(identity, "webauthn");
  const owner = credential && ownerOf(identity, credential);
  const keys = owner?.keys.filter(({ is_passwordless: alone }) => alone) ?? [];
  return owner && keys.length > 0 ? { ...owner, keys } : undefined;
}

const ownerOf = ({ id, state }: IdentityRow, credential: CredentialRow): KeyOwner => ({
  identityId: id,
  active: state === "active",
  credential,
  keys: keysOf(credential),
  userHandle: userHandleOf(credential),
});
