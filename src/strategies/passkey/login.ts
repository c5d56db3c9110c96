import type { Context } from "../../context.ts";
import { giveChallenge } from "../../proof/challenge.ts";
import type { Flow } from "../../flow/flow.ts";
import { identifierNode } from "../../proof/identifier.ts";
import { acceptSignature } from "../../proof/key-ceremony.ts";
import type { KeyOwner } from "../../proof/key-ceremony.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { asksIdentifier, shownMethods } from "../../proof/screen.ts";
import type { Step } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/strategy.ts";
import type { CredentialRow, IdentityRow } from "../../identity/rows.ts";
import { credentialOf } from "../../identity/set-credential.ts";
import { credentialByIdentifier, identityById } from "../../identity/statements.ts";
import { mergeNodes } from "../../ui/form.ts";
import { signInWithPasskey } from "../../ui/messages.ts";
import { hidden, input } from "../../ui/node.ts";
import type { UiNode } from "../../ui/node.ts";
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
  async render(ctx, flow) {
    if (!asksIdentifier(ctx, flow) && !shownMethods(ctx, flow).has("passkey")) return [];
    if (flow.refresh && !ownPasskeys(flow)) return [];
    return [...(await identifierNode(ctx, flow)), ...nodes(ctx, flow)];
  },

  async submit(ctx, flow, { passkeyLogin: answer }) {
    if (!answer) return { kind: "redirected", url: uiLocation(ctx, "login", flow.id) };
    const { user_verification: verification } = ctx.config.selfservice.methods.passkey.config.authenticator_selection;
    const signed = await acceptSignature(ctx, flow, {
      method: "passkey",
      answer,
      requireVerification: verification === "required",
      find: (said) => findOwner(ctx, flow, said),
    });
    if ("complaint" in signed) return reject({ message: signed.complaint });
    // The challenge is used up: should somebody have to try again, the form holds another.
    mergeNodes(flow.ui.nodes, nodes(ctx, flow));
    return pass(signed);
  },
};

const ownPasskeys = ({ account }: Flow) => account && credentialOf(account, "passkey");

function nodes(ctx: Context, flow: Flow): UiNode[] {
  const { authenticator_selection: selection, timeouts } = ctx.config.selfservice.methods.passkey.config;
  const inBrowser = flow.type === "browser";
  const completes = flow.refresh ? {} : autocompletion(inBrowser);
  const options = requestOptions({
    party: relyingParty(ctx.config, "passkey"),
    challenge: giveChallenge(flow, group, () => (flow.account ? { identityId: flow.account.id } : {})).challenge,
    timeoutMs: timeouts.login ?? usualTimeoutMs,
    allow: flow.refresh ? keysOf(ownPasskeys(flow)) : [],
    userVerification: selection.user_verification,
  });
  return [
    ...(inBrowser ? [scriptNode(ctx)] : []),
    triggerNode(group, "passkey_login_trigger", "oryPasskeyLogin", inBrowser, { value: "", label: signInWithPasskey() }),
    input(group, "passkey_login", { type: "hidden", ...completes }),
    hidden(group, "passkey_challenge", JSON.stringify(options)),
  ];
}

/** Browsers offer passkeys where the name is typed, once this is called. */
function autocompletion(inBrowser: boolean) {
  const trigger = "oryPasskeyLoginAutocompleteInit";
  return { onloadTrigger: trigger, ...(inBrowser && { onload: `window.${trigger}()` }) };
}

/** The account that an authenticator names. Who confirms who they are can be nobody else. */
async function findOwner(ctx: Context, { refresh, account }: Flow, { userHandle }: SignedAnswer): Promise<KeyOwner | undefined> {
  if (refresh) {
    const credential = account && credentialOf(account, "passkey");
    return credential && ownerOf(account, credential);
  }
  const handle = userHandle && textOfHandle(userHandle);
  const found = handle ? await credentialByIdentifier(ctx, "passkey", handle) : undefined;
  if (found) {
    const { credentialId: id, revision, config, identityId, identityState } = found;
    const credential = { id, revision, config };
    return { identityId, active: identityState === "active", credential, keys: keysOf(found), userHandle: userHandleOf(found) };
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
