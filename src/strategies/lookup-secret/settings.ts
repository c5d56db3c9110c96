import type { Context } from "../../context.ts";
import type { Flow, Memory } from "../../flow/flow.ts";
import { defineMemory, isRecord } from "../../flow/memory.ts";
import { advance } from "../../flow/progress.ts";
import type { Step } from "../../flow/strategy.ts";
import { goOn, pass, reject } from "../../flow/verdict.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { credentialOf, withCredential, withoutCredentialOf } from "../../identity/set-credential.ts";
import { openConfig } from "../../identity/credential-seal.ts";
import { invalidSubmission, noSettingsStrategy } from "../../ui/messages.ts";
import type { Message } from "../../ui/message.ts";
import { submitNode, textNode } from "../../ui/node.ts";
import type { UiNode } from "../../ui/node.ts";
import { makeCodes, openCodes } from "./credential.ts";
import type { LookupSecret } from "./credential.ts";
import {
  confirmLookupSecrets,
  disableLookupSecrets,
  lookupSecret,
  lookupSecrets,
  lookupSecretsLabel,
  lookupSecretUsed,
  regenerateLookupSecrets,
  revealLookupSecrets,
} from "./messages.ts";

const group = "lookup_secret";

/** What a settings flow remembers of backup codes: those that wait to be confirmed, and whether it shows those in force. */
interface Remembered {
  readonly pending?: Record<string, unknown>;
  readonly revealed?: boolean;
}

const memory = defineMemory(
  group,
  (value): value is Remembered =>
    isRecord(value) &&
    (value["pending"] === undefined || isRecord(value["pending"])) &&
    (value["revealed"] === undefined || typeof value["revealed"] === "boolean"),
);

/** Makes backup codes, shows them, and discards them. */
export const settings: Step<"settings", "lookupSecret"> = {
  render: (ctx, flow, { account }) => nodes(ctx, flow, account!),

  async submit(ctx, flow, asked, { account }) {
    const stored = credentialOf(account!, group);
    const remembered = memory.of(flow) ?? {};
    const { pending: made } = remembered;
    // Pages that send along what was pressed before go on, and do not begin anew.
    if (asked.lookupSecretConfirm) {
      if (!made) return refuse("Generate new backup codes before you confirm them.");
      const config = openConfig(ctx.config, group, made);
      return pass({
        apply: (identity) => withCredential(ctx, identity, { type: group, identifiers: [identity.id], config }),
        proves: 2,
      });
    }
    if (asked.lookupSecretReveal) {
      if (!stored) return refuse("You have no backup codes to show.");
      return showCodes(ctx, flow, account!, memory.with({ ...remembered, revealed: true }));
    }
    if (asked.lookupSecretDisable) {
      if (!stored) return refuse("You have no backup codes to turn off.");
      return pass({ apply: (identity) => withoutCredentialOf(ctx, identity, group) });
    }
    if (!asked.lookupSecretRegenerate) return reject({ message: noSettingsStrategy() });
    return showCodes(ctx, flow, account!, memory.with({ pending: makeCodes(ctx) }));
  },
};

function nodes(ctx: Context, flow: Flow, account: IdentityWithCredentialsRow): UiNode[] {
  const stored = credentialOf(account, group)?.config;
  const { pending: made, revealed } = memory.of(flow) ?? {};
  if (made && !revealed) return [codesNode(openCodes(ctx, made)), button("confirm", confirmLookupSecrets())];
  if (!stored) return [button("regenerate", regenerateLookupSecrets())];
  const disable = button("disable", disableLookupSecrets());
  return revealed
    ? [codesNode(openCodes(ctx, stored)), disable, button("regenerate", regenerateLookupSecrets())]
    : [button("reveal", revealLookupSecrets()), disable];
}

/** The codes come after the other forms of the page, which stay as they are. */
function showCodes(ctx: Context, flow: Flow<"settings">, account: IdentityWithCredentialsRow, remembered: Memory) {
  const codes = nodes(ctx, advance(flow, { memory: remembered }), account);
  const form = { nodes: [...flow.ui.nodes.filter((node) => node.group !== group), ...codes], messages: [] };
  return { ...goOn({ form, memory: remembered }), payloadShown: true as const };
}

const refuse = (reason: string) => reject({ message: invalidSubmission(reason) });

const button = (verb: "regenerate" | "reveal" | "confirm" | "disable", label: Message): UiNode =>
  submitNode(group, `lookup_secret_${verb}`, "true", label);

const codesNode = (codes: readonly LookupSecret[]): UiNode =>
  textNode(group, "lookup_secret_codes", lookupSecrets(codes.map(described)), lookupSecretsLabel());

const described = ({ code, used_at }: LookupSecret): Message =>
  used_at ? lookupSecretUsed(new Date(used_at)) : lookupSecret(code);
