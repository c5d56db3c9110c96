import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import { advance } from "../../flow/progress.ts";
import type { AccountChange } from "../../flow/results.ts";
import type { Remembering, Step } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/verdict.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { credentialOf, otherFirstFactors, withCredential, withoutCredentialOf } from "../../identity/set-credential.ts";
import { withNodes } from "../../ui/form.ts";
import {
  addKey,
  duplicateCredentials,
  invalidSubmission,
  keyRefused,
  noSettingsStrategy,
  propertyMissing,
  removeKey,
} from "../../ui/messages.ts";
import { input } from "../../ui/node.ts";
import { handleOfIdentity } from "../../webauthn/handle.ts";
import { hexId, keysOf, userHandleOf } from "../../webauthn/keys.ts";
import type { StoredKey } from "../../webauthn/keys.ts";
import { acceptKey, creationNodes } from "./creation.ts";
import { isPasswordless } from "./keys.ts";

const group = "webauthn";
const nameField = "webauthn_register_displayname";

/** Adds security keys by name, and removes them. Only browsers can. */
export const settings: Step<"settings", "webauthn"> = {
  render: (ctx, flow, { account }) => (flow.type === "browser" ? nodes(ctx, flow, account!) : []),

  async submit(
    ctx,
    flow,
    { webauthnRegister: answer, webauthnRegisterDisplayname: name = "", webauthnRemove: removed },
    { account },
  ) {
    if (flow.type === "api") return reject({ message: noSettingsStrategy() });
    if (removed) return remove(ctx, removed);
    if (!answer) return reject({ message: noSettingsStrategy() });
    if (!name) return reject({ message: propertyMissing(nameField), node: nameField, group });
    const accepted = await acceptKey(ctx, flow, answer, name);
    const { challengesSpent } = accepted;
    if ("complaint" in accepted) return { ...reject({ message: accepted.complaint }), challengesSpent };
    const { key, challenge } = accepted;
    const apply: AccountChange["apply"] = (before) => withKey(ctx, before, key, challenge.userHandle ?? "");
    // The challenge is used up: should somebody have to try again, the form holds another.
    const next = nodes(ctx, advance(flow, { challengesSpent }), account!);
    return {
      ...pass({ apply, proves: isPasswordless(ctx.config) ? 1 : 2 } as const),
      challengesSpent,
      form: withNodes(flow.ui, next.nodes),
      memory: next.memory,
    };
  },
};

function nodes(ctx: Context, flow: Flow, account: IdentityWithCredentialsRow): Remembering {
  const credential = credentialOf(account, group);
  const keys = keysOf(credential);
  const removal = keys.map((key) =>
    input(group, "webauthn_remove", {
      type: "submit",
      value: hexId(key),
      disabled: isLastWayIn(
        ctx,
        account,
        keys.filter((one) => one !== key),
        key,
      ),
      label: removeKey(key.display_name, new Date(key.added_at)),
    }),
  );
  const creation = creationNodes(ctx, flow, {
    handle: () => userHandleOf(credential) ?? handleOfIdentity(account.id),
    exclude: keys,
    label: addKey(),
  });
  return { nodes: [...removal, ...creation.nodes], memory: creation.memory };
}

/** One account has one handle: it is the one that all its keys know. */
function withKey(ctx: Context, before: IdentityWithCredentialsRow, key: StoredKey, user_handle: string) {
  const credential = credentialOf(before, group);
  const known = userHandleOf(credential);
  if (known && !Buffer.from(known).equals(Buffer.from(user_handle, "base64")))
    return { complaints: [{ message: keyRefused() }] };
  const keys = keysOf(credential);
  if (keys.some((one) => hexId(one) === hexId(key))) return { complaints: [{ message: duplicateCredentials() }] };
  return withCredential(ctx, before, {
    type: group,
    identifiers: [],
    config: { credentials: [...keys, key], user_handle },
  });
}

const remove = (ctx: Context, hex: string) =>
  pass<AccountChange>({
    apply(before) {
      const credential = credentialOf(before, group);
      const keys = keysOf(credential);
      const key = keys.find((one) => hexId(one) === hex.toLowerCase());
      if (!key || !credential)
        return { complaints: [{ message: invalidSubmission("This security key is not on your account.") }] };
      const left = keys.filter((one) => one !== key);
      if (isLastWayIn(ctx, before, left, key)) return { complaints: [{ message: lastWayIn() }] };
      if (left.length === 0) return withoutCredentialOf(ctx, before, group);
      return withCredential(ctx, before, {
        type: group,
        identifiers: [],
        config: { ...credential.config, credentials: left },
      });
    },
  });

/** Whether nobody could sign in any more without this key. A second factor never signed in alone. */
const isLastWayIn = (ctx: Context, account: IdentityWithCredentialsRow, left: readonly StoredKey[], key: StoredKey) =>
  key.is_passwordless === true &&
  !left.some((one) => one.is_passwordless) &&
  otherFirstFactors(ctx, account, group) === 0;

const lastWayIn = () =>
  invalidSubmission("This security key is your only way to sign in. Add another one before you remove it.");
