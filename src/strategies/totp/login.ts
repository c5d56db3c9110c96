import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import type { Step } from "../../flow/strategy.ts";
import { pass, provedBy, reject, throttled } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { openConfig } from "../../identity/credential-seal.ts";
import { totpGuesses } from "../../identity/kinds/totp.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { credentialOf } from "../../identity/set-credential.ts";
import { identityById } from "../../identity/statements.ts";
import { useCredential } from "../../identity/write.ts";
import { judgeFactor } from "../../throttle/second-factor-guess.ts";
import { withValue } from "../../ui/form.ts";
import { propertyMissing, tooShort } from "../../ui/messages.ts";
import { input, submitNode } from "../../ui/node.ts";
import type { TotpCredential } from "./credential.ts";
import { stepOf } from "./key.ts";
import { noTotp, spentTotp, totpCodeLabel, useTotp, wrongTotp } from "./messages.ts";

const shortest = 6;

/** Adds the second factor by the code that an app shows. */
export const login: Step<"login", "totp"> = {
  render: (_ctx, _flow, { account }) =>
    account && credentialOf(account, "totp")
      ? [
          input("totp", "totp_code", { type: "text", value: "", required: true, label: totpCodeLabel() }),
          submitNode("totp", "method", "totp", useTotp()),
        ]
      : [],

  async submit(ctx, flow, { totpCode }, { account }) {
    const form = withValue(flow.ui, "totp_code", undefined);
    return { form, ...(await judge(ctx, flow, totpCode, account)) };
  },
};

async function judge(
  ctx: Context,
  flow: Flow<"login">,
  totpCode: string | undefined,
  account: IdentityWithCredentialsRow | undefined,
): Promise<Verdict<"login">> {
  if (!totpCode) return reject({ message: propertyMissing("totp_code"), node: "totp_code", group: "totp" });
  const code = totpCode.replaceAll(/\s/g, "");
  if (code.length < shortest)
    return reject({ message: tooShort(shortest, code.length), node: "totp_code", group: "totp" });
  if (!account || !credentialOf(account, "totp")) return reject({ message: noTotp() });
  let use: Use = "wrong";
  const judged = await judgeFactor(
    ctx,
    totpGuesses,
    account.id,
    async () => (use = await useCode(ctx, account, code)) === "used",
  );
  if ("waitMs" in judged) return throttled(judged.waitMs, account.id);
  if (!judged.right) return reject({ message: (use as Use) === "spent" ? spentTotp() : wrongTotp() });
  return pass({ identityId: account.id, active: account.state === "active", method: provedBy(ctx, flow, "totp") });
}

/** What came of a code. */
type Use = "used" | "spent" | "wrong";

/** Uses a code up. Of many uses at once one finds its step not used yet; the others look again and find that it is. */
async function useCode(ctx: Context, account: IdentityWithCredentialsRow, code: string): Promise<Use> {
  for (
    let known: IdentityWithCredentialsRow | undefined = account;
    known;
    known = await identityById(ctx, account.id)
  ) {
    const credential = credentialOf(known, "totp");
    if (!credential) return "wrong";
    const { totp_url: url, last_used_step: last } = openConfig(
      ctx.config,
      "totp",
      credential.config,
    ) as unknown as TotpCredential;
    const step = stepOf(url, code, ctx.now(), last);
    if (step === undefined) return stepOf(url, code, ctx.now(), undefined) === undefined ? "wrong" : "spent";
    if (await useCredential(ctx, credential, { ...credential.config, last_used_step: step })) return "used";
  }
  return "wrong";
}
