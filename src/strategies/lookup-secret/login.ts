import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import type { Step } from "../../flow/strategy.ts";
import { pass, provedBy, reject, throttled } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { lookupGuesses } from "../../identity/kinds/lookup-secret.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { secretMatcher } from "../../identity/secret-mac.ts";
import { credentialOf } from "../../identity/set-credential.ts";
import { identityById } from "../../identity/statements.ts";
import { useCredential } from "../../identity/write.ts";
import { judgeFactor } from "../../throttle/second-factor-guess.ts";
import { withValue } from "../../ui/form.ts";
import { propertyMissing } from "../../ui/messages.ts";
import { input, submitNode } from "../../ui/node.ts";
import type { LookupCredential } from "./credential.ts";
import {
  lookupSecretLabel,
  lookupSecretSpent,
  noLookupSecrets,
  useLookupSecret,
  wrongLookupSecret,
} from "./messages.ts";

const group = "lookup_secret";

/** Adds the second factor by a backup code. */
export const login: Step<"login", "lookupSecret"> = {
  render: (_ctx, _flow, { account }) =>
    account && credentialOf(account, group)
      ? [
          input(group, group, { type: "text", value: "", required: true, label: lookupSecretLabel() }),
          submitNode(group, "method", group, useLookupSecret()),
        ]
      : [],

  async submit(ctx, flow, { lookupSecret }, { account }) {
    const form = withValue(flow.ui, group, undefined);
    return { form, ...(await judge(ctx, flow, lookupSecret, account)) };
  },
};

async function judge(
  ctx: Context,
  flow: Flow<"login">,
  lookupSecret: string | undefined,
  account: IdentityWithCredentialsRow | undefined,
): Promise<Verdict<"login">> {
  const code = lookupSecret?.trim().toLowerCase();
  if (!code) return reject({ message: propertyMissing(group), node: group, group });
  if (!account || !credentialOf(account, group)) return reject({ message: noLookupSecrets() });
  let use: Use = "wrong";
  const judged = await judgeFactor(
    ctx,
    lookupGuesses,
    account.id,
    async () => (use = await useCode(ctx, account, code)) === "used",
  );
  if ("waitMs" in judged) return throttled(judged.waitMs, account.id);
  if (!judged.right) return reject({ message: (use as Use) === "spent" ? lookupSecretSpent() : wrongLookupSecret() });
  return pass({ identityId: account.id, active: account.state === "active", method: provedBy(ctx, flow, group) });
}

/** What came of a code. */
type Use = "used" | "spent" | "wrong";

/** Uses a code up. Of many uses at once one is written; the others look again and find the code spent. */
async function useCode(ctx: Context, account: IdentityWithCredentialsRow, code: string): Promise<Use> {
  const matches = secretMatcher(ctx.config, group, code);
  for (
    let known: IdentityWithCredentialsRow | undefined = account;
    known;
    known = await identityById(ctx, account.id)
  ) {
    const credential = credentialOf(known, group);
    const { recovery_codes: codes } = (credential?.config ?? { recovery_codes: [] }) as unknown as LookupCredential;
    // Every code is looked at, so that the time does not tell which one it was.
    const at = codes.map(({ mac }) => mac !== undefined && matches(mac)).indexOf(true);
    if (!credential || at < 0) return "wrong";
    if (codes[at]!.used_at) return "spent";
    const spent = codes.with(at, { ...codes[at]!, used_at: ctx.now().toISOString() });
    if (await useCredential(ctx, credential, { ...credential.config, recovery_codes: spent })) return "used";
  }
  return "wrong";
}
