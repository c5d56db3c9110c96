import type { Step } from "../../flow/strategy.ts";
import { pass, pending, reject } from "../../flow/strategy.ts";
import { credentialOf, withCredential, withoutCredentialOf } from "../../identity/set-credential.ts";
import { openConfig } from "../../identity/credential-seal.ts";
import { invalidSubmission } from "../../ui/messages.ts";
import type { Message } from "../../ui/message.ts";
import { submitNode, textNode } from "../../ui/node.ts";
import type { UiNode } from "../../ui/node.ts";
import {
  confirmLookupSecrets,
  disableLookupSecrets,
  lookupSecret,
  lookupSecrets,
  lookupSecretsLabel,
  lookupSecretUsed,
  regenerateLookupSecrets,
  revealLookupSecrets,
} from "../../ui/second-factor-messages.ts";
import { makeCodes, openCodes } from "./credential.ts";
import type { LookupSecret } from "./credential.ts";

const group = "lookup_secret";

/** What a settings flow remembers of backup codes: those that wait to be confirmed, and whether it shows those in force. */
interface Remembered {
  readonly pending?: Record<string, unknown>;
  readonly revealed?: boolean;
}

/** Makes backup codes, shows them, and discards them. */
export const settings: Step<"settings", "lookupSecret"> = {
  render(ctx, { account, internal }) {
    const stored = credentialOf(account!, group)?.config;
    const { pending: made, revealed } = (internal[group] ?? {}) as Remembered;
    if (made && !revealed) return [codesNode(openCodes(ctx, made)), button("confirm", confirmLookupSecrets())];
    if (!stored) return [button("regenerate", regenerateLookupSecrets())];
    const disable = button("disable", disableLookupSecrets());
    return revealed
      ? [codesNode(openCodes(ctx, stored)), disable, button("regenerate", regenerateLookupSecrets())]
      : [button("reveal", revealLookupSecrets()), disable];
  },

  async submit(ctx, flow, asked) {
    const stored = credentialOf(flow.account!, group);
    const remembered = (flow.internal[group] ?? {}) as Remembered;
    const { pending: made } = remembered;
    // Pages that send along what was pressed before go on, and do not begin anew.
    if (asked.lookupSecretConfirm) {
      if (!made) return refuse("Make new backup codes before you confirm them.");
      const config = openConfig(ctx.config, group, made);
      return pass({
        apply: (identity) => withCredential(ctx, identity, { type: group, identifiers: [identity.id], config }),
        proves: 2,
      });
    }
    if (asked.lookupSecretReveal) {
      if (!stored) return refuse("There are no backup codes to show.");
      flow.internal = { ...flow.internal, [group]: { ...remembered, revealed: true } satisfies Remembered };
      return pending;
    }
    if (asked.lookupSecretDisable) {
      if (!stored) return refuse("There are no backup codes to discard.");
      return pass({ apply: (identity) => withoutCredentialOf(ctx, identity, group) });
    }
    if (!asked.lookupSecretRegenerate) return refuse("Say what is to become of the backup codes.");
    flow.internal = { ...flow.internal, [group]: { pending: makeCodes(ctx) } satisfies Remembered };
    return pending;
  },
};

const refuse = (reason: string) => reject({ message: invalidSubmission(reason) });

const button = (verb: "regenerate" | "reveal" | "confirm" | "disable", label: Message): UiNode =>
  submitNode(group, `lookup_secret_${verb}`, "true", label);

const codesNode = (codes: readonly LookupSecret[]): UiNode =>
  textNode(group, "lookup_secret_codes", lookupSecrets(codes.map(described)), lookupSecretsLabel());

const described = ({ code, used_at }: LookupSecret): Message => (used_at ? lookupSecretUsed(new Date(used_at)) : lookupSecret(code));
