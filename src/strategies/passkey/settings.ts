import type { Context } from "../../context.ts";
import { randomToken } from "../../crypto/token.ts";
import { giveChallenge } from "../../proof/challenge.ts";
import type { Flow } from "../../flow/flow.ts";
import { advance } from "../../flow/progress.ts";
import type { AccountChange } from "../../flow/results.ts";
import type { Remembering, Step } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/verdict.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { credentialOf, otherFirstFactors, withCredential, withoutCredentialOf } from "../../identity/set-credential.ts";
import { displayNameOf } from "../../schema/display-names.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { withNodes } from "../../ui/form.ts";
import {
  addPasskey,
  duplicateCredentials,
  invalidSubmission,
  keyRefused,
  noSettingsStrategy,
  removePasskey,
} from "../../ui/messages.ts";
import { hidden, input } from "../../ui/node.ts";
import { hexId, keysOf, userHandleOf } from "../../webauthn/keys.ts";
import type { StoredKey } from "../../webauthn/keys.ts";
import { scriptNode, triggerNode } from "../../webauthn/nodes.ts";
import { acceptPasskey, handleBytes, passkeyOptions } from "./creation.ts";

const group = "passkey";
const handleLength = 64;

/** Adds passkeys, and removes them. */
export const settings: Step<"settings", "passkey"> = {
  render: (ctx, flow, { account }) => nodes(ctx, flow, account!),

  async submit(ctx, flow, { passkeySettingsRegister: answer, passkeyRemove: removed }, { account }) {
    if (removed) return remove(ctx, removed);
    if (!answer) return reject({ message: noSettingsStrategy() });
    const accepted = await acceptPasskey(ctx, flow, answer);
    const { challengesSpent } = accepted;
    if ("complaint" in accepted) return { ...reject({ message: accepted.complaint }), challengesSpent };
    const { key, challenge } = accepted;
    const apply: AccountChange["apply"] = (before) => withKey(ctx, before, key, challenge.userHandle ?? "");
    // The challenge is used up: should somebody have to try again, the form holds another.
    const next = await nodes(ctx, advance(flow, { challengesSpent }), account!);
    return {
      ...pass({ apply, proves: 1 } as const),
      challengesSpent,
      form: withNodes(flow.ui, next.nodes),
      memory: next.memory,
    };
  },
};

async function nodes(ctx: Context, flow: Flow, account: IdentityWithCredentialsRow): Promise<Remembering> {
  const inBrowser = flow.type === "browser";
  const credential = credentialOf(account, "passkey");
  const known = userHandleOf(credential) ?? Buffer.from(randomToken(handleLength));
  const { challenge, userHandle, memory } = giveChallenge(flow, "passkey", () => ({
    userHandle: Buffer.from(known).toString("base64"),
  }));
  const name = displayNameOf(await schemasOf(ctx).get(account.schemaId), account.traits);
  const keys = keysOf(credential);
  const options = passkeyOptions(ctx, { challenge, handle: handleBytes(userHandle), name, exclude: keys });
  const last = keys.length === 1 && otherFirstFactors(ctx, account, "passkey") === 0;
  const shown = [
    ...keys.map((key) =>
      input(group, "passkey_remove", {
        type: "submit",
        value: hexId(key),
        disabled: last,
        label: removePasskey(key.display_name, new Date(key.added_at)),
      }),
    ),
    ...(inBrowser ? [scriptNode(ctx)] : []),
    triggerNode(group, "passkey_register_trigger", "oryPasskeySettingsRegistration", inBrowser, {
      value: "",
      label: addPasskey(),
    }),
    input(group, "passkey_settings_register", { type: "hidden" }),
    hidden(group, "passkey_create_data", JSON.stringify(options)),
  ];
  return { nodes: shown, memory };
}

/** One account has one handle: a key made for another would never be found. */
function withKey(ctx: Context, before: IdentityWithCredentialsRow, key: StoredKey, user_handle: string) {
  const credential = credentialOf(before, "passkey");
  const known = userHandleOf(credential);
  if (known && !Buffer.from(known).equals(Buffer.from(user_handle, "base64")))
    return { complaints: [{ message: keyRefused() }] };
  const keys = keysOf(credential);
  if (keys.some((one) => hexId(one) === hexId(key))) return { complaints: [{ message: duplicateCredentials() }] };
  const identifiers = [Buffer.from(user_handle, "base64").toString()];
  return withCredential(ctx, before, {
    type: "passkey",
    identifiers,
    config: { credentials: [...keys, key], user_handle },
  });
}

const remove = (ctx: Context, hex: string) =>
  pass<AccountChange>({
    apply(before) {
      const credential = credentialOf(before, "passkey");
      const keys = keysOf(credential);
      const left = keys.filter((key) => hexId(key) !== hex.toLowerCase());
      if (left.length === keys.length)
        return { complaints: [{ message: invalidSubmission("This passkey is not on your account.") }] };
      if (left.length === 0 && otherFirstFactors(ctx, before, "passkey") === 0)
        return { complaints: [{ message: lastWayIn() }] };
      if (left.length === 0) return withoutCredentialOf(ctx, before, "passkey");
      const { identifiers, config } = credential!;
      return withCredential(ctx, before, { type: "passkey", identifiers, config: { ...config, credentials: left } });
    },
  });

const lastWayIn = () =>
  invalidSubmission("This passkey is your only way to sign in. Add another one before you remove it.");
