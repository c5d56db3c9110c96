import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import type { AccountChange, Step, Verdict } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/strategy.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { credentialOf, otherFirstFactors, withCredential, withoutCredentialOf } from "../../identity/set-credential.ts";
import { mergeNodes } from "../../ui/form.ts";
import { addKey, duplicateCredentials, invalidSubmission, keyRefused, noSettingsStrategy, propertyMissing, removeKey } from "../../ui/messages.ts";
import { input } from "../../ui/node.ts";
import type { UiNode } from "../../ui/node.ts";
import { handleOfIdentity } from "../../webauthn/handle.ts";
import { hexId, keysOf, userHandleOf } from "../../webauthn/keys.ts";
import type { StoredKey } from "../../webauthn/keys.ts";
import { acceptKey, creationNodes } from "./creation.ts";
import { isPasswordless } from "./keys.ts";

const group = "webauthn";
const nameField = "webauthn_register_displayname";

/** Adds security keys by name, and removes them. Only browsers can. */
export const settings: Step<"settings", "webauthn"> = {
  render: (ctx, flow) => (flow.type === "browser" ? nodes(ctx, flow) : []),

  async submit(ctx, flow, { webauthnRegister: answer, webauthnRegisterDisplayname: name = "", webauthnRemove: removed }) {
    if (flow.type === "api") return reject({ message: noSettingsStrategy() });
    if (removed) return remove(ctx, removed);
    if (!answer) return reject({ message: noSettingsStrategy() });
    if (!name) return reject({ message: propertyMissing(nameField), node: nameField, group });
    const accepted = await acceptKey(ctx, flow, answer, name);
    if ("complaint" in accepted) return reject({ message: accepted.complaint });
    // The challenge is used up: should somebody have to try again, the form holds another.
    mergeNodes(flow.ui.nodes, nodes(ctx, flow));
    const { key, challenge } = accepted;
    return pass({
      apply: (before) => withKey(ctx, before, key, challenge.userHandle ?? ""),
      proves: isPasswordless(ctx.config) ? 1 : 2,
    });
  },
};

function nodes(ctx: Context, flow: Flow): UiNode[] {
  const account = flow.account!;
  const credential = credentialOf(account, group);
  const keys = keysOf(credential);
  return [
    ...keys.map((key) =>
      input(group, "webauthn_remove", {
        type: "submit",
        value: hexId(key),
        disabled: isLastWayIn(ctx, account, keys.filter((one) => one !== key), key),
        label: removeKey(key.display_name, new Date(key.added_at)),
      }),
    ),
    ...creationNodes(ctx, flow, {
      handle: () => userHandleOf(credential) ?? handleOfIdentity(account.id),
      exclude: keys,
      label: addKey(),
    }),
  ];
}

/** One account has one handle: it is the one that all its keys know. */
function withKey(ctx: Context, before: IdentityWithCredentialsRow, key: StoredKey, user_handle: string) {
  const credential = credentialOf(before, group);
  const known = userHandleOf(credential);
  if (known && !Buffer.from(known).equals(Buffer.from(user_handle, "base64"))) return { complaints: [{ message: keyRefused() }] };
  const keys = keysOf(credential);
  if (keys.some((one) => hexId(one) === hexId(key))) return { complaints: [{ message: duplicateCredentials() }] };
  return withCredential(ctx, before, { type: group, identifiers: [], config: { credentials: [...keys, key], user_handle } });
}

const remove = (ctx: Context, hex: string): Verdict<AccountChange> =>
  pass({
    apply(before) {
      const credential = credentialOf(before, group);
      const keys = keysOf(credential);
      const key = keys.find((one) => hexId(one) === hex.toLowerCase());
      if (!key || !credential) return { complaints: [{ message: invalidSubmission("The account has no such security key.") }] };
      const left = keys.filter((one) => one !== key);
      if (isLastWayIn(ctx, before, left, key)) return { complaints: [{ message: lastWayIn() }] };
      if (left.length === 0) return withoutCredentialOf(ctx, before, group);
      return withCredential(ctx, before, { type: group, identifiers: [], config: { ...credential.config, credentials: left } });
    },
  });

/** Whether nobody could sign in any more without this key. A second factor never signed in alone. */
const isLastWayIn = (ctx: Context, account: IdentityWithCredentialsRow, left: readonly StoredKey[], key: StoredKey) =>
  key.is_passwordless === true && !left.some((one) => one.is_passwordless) && otherFirstFactors(ctx, account, group) === 0;

const lastWayIn = () => invalidSubmission("This security key is the last way to sign in to the account.");
