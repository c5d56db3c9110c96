import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import { defineMemory, isRecord } from "../../flow/memory.ts";
import type { Step } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/verdict.ts";
import { openConfig, sealConfig } from "../../identity/credential-seal.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { credentialOf, withCredential, withoutCredentialOf } from "../../identity/set-credential.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { onFirstUse } from "../../on-first-use.ts";
import { traitAt } from "../../schema/trait-at.ts";
import { propertyMissing, save } from "../../ui/messages.ts";
import { imageNode, input, submitNode, textNode } from "../../ui/node.ts";
import type { TotpCredential } from "./credential.ts";
import { newKey, secretOf, stepOf } from "./key.ts";
import {
  noTotp,
  totpQrLabel,
  totpSecret,
  totpSecretLabel,
  totpVerifyLabel,
  unlinkTotp,
  wrongTotp,
} from "./messages.ts";

const group = "totp";
const pictures = onFirstUse<typeof import("qrcode")>("qrcode");
const pictureSize = 256;

/** The key that a flow shows: sealed, until a right code proves that an app has it. */
const pending = defineMemory(
  group,
  (value): value is { readonly totp_url: string } => isRecord(value) && typeof value["totp_url"] === "string",
);

/** Sets an authenticator app up, or gives it up. */
export const settings: Step<"settings", "totp"> = {
  async render(ctx, flow, { account }) {
    if (credentialOf(account!, group))
      return [input(group, "totp_unlink", { type: "submit", value: "true", required: true, label: unlinkTotp() })];
    const shown = pendingKey(ctx, flow);
    const url = shown ?? (await makeKey(ctx, account!));
    const nodes = [
      imageNode(
        group,
        "totp_qr",
        await pictures().toDataURL(url, { width: pictureSize, margin: 2 }),
        pictureSize,
        totpQrLabel(),
      ),
      textNode(group, "totp_secret_key", totpSecret(secretOf(url)), totpSecretLabel()),
      input(group, "totp_code", { type: "text", required: true, label: totpVerifyLabel() }),
      submitNode(group, "method", group, save()),
    ];
    return shown
      ? nodes
      : { nodes, memory: pending.with(sealConfig(ctx.config, group, { totp_url: url }) as { totp_url: string }) };
  },

  async submit(ctx, flow, { totpCode, totpUnlink }, { account }) {
    if (totpUnlink)
      return credentialOf(account!, group)
        ? pass({ apply: (identity) => withoutCredentialOf(ctx, identity, group) })
        : reject({ message: noTotp() });
    if (!totpCode) return reject({ message: propertyMissing("totp_code"), node: "totp_code", group });
    const url = pendingKey(ctx, flow);
    const step = url === undefined ? undefined : stepOf(url, totpCode.replaceAll(/\s/g, ""), ctx.now(), undefined);
    if (url === undefined || step === undefined) return reject({ message: wrongTotp(), node: "totp_code", group });
    // Setting an app up is no sign-in: the same code signs in as well, once.
    const config: TotpCredential = { totp_url: url, last_used_step: step - 1 };
    return pass({
      apply: (identity) =>
        withCredential(ctx, identity, { type: group, identifiers: [identity.id], config: { ...config } }),
      proves: 2,
    });
  },
};

function pendingKey(ctx: Context, flow: Flow): string | undefined {
  const key = pending.of(flow);
  return key && (openConfig(ctx.config, group, key)["totp_url"] as string);
}

async function makeKey(ctx: Context, account: IdentityWithCredentialsRow): Promise<string> {
  const { issuer } = ctx.config.selfservice.methods.totp.config;
  return newKey(issuer ?? new URL(ctx.config.serve.public.base_url).hostname, await accountName(ctx, account));
}

/** What the app calls the account: the trait that the schema names for it, else the id. */
async function accountName(ctx: Context, account: IdentityWithCredentialsRow): Promise<string> {
  const { fields } = await schemasOf(ctx).get(account.schemaId);
  const names = fields
    .filter(({ extension }) => extension.totpAccountName)
    .map(({ path }) => traitAt(account.traits, path));
  const [name = account.id] = names.filter((value) => typeof value === "string" && value !== "");
  return String(name);
}
