import type { Context } from "../context.ts";
import type { Flow, Memory } from "../flow/flow.ts";
import type { Refusal } from "../flow/results.ts";
import { availableAal } from "../identity/factors.ts";
import { credentialOf, withCredential } from "../identity/set-credential.ts";
import { identityById } from "../identity/statements.ts";
import { changeIdentity } from "../identity/write.ts";
import { forgetAccount, keepAccount, keptAccount } from "../proof/kept-account.ts";
import { linking } from "../proof/linking.ts";
import { findProvider } from "../provider/find-provider.ts";
import { linkAccount } from "../provider/link.ts";
import { assuranceOf } from "../session/aal.ts";
import type { SessionMethod } from "../session/entities.ts";
import { linkedElsewhere, otherAccountThanLinked } from "../ui/linking-messages.ts";
import { clearPendingLink } from "./pending-link.ts";

/** What becomes of an account at a provider that waits to be linked. */
export type Linked =
  /** It is linked, and the session rests on it as well. */
  | { readonly kind: "linked"; readonly method: SessionMethod; readonly memory: Memory }
  /** It waits until a second factor has been proved. */
  | { readonly kind: "waiting"; readonly memory: Memory }
  | { readonly kind: "nothing" }
  | (Refusal & { readonly kind: "refused" });

const refused = (message: Refusal["complaints"][number]["message"]): Linked => ({
  kind: "refused",
  complaints: [{ message }],
});

/**
 * Links an account at a provider with the account of whoever has just signed in for that, if the name that was taken is
 * theirs. As in settings, who has a second factor has to prove it first.
 */
export async function linkAtLogin(
  ctx: Context,
  flow: Flow<"login">,
  identityId: string,
  methods: readonly SessionMethod[],
): Promise<Linked> {
  const wanted = linking.of(flow);
  const kept = wanted && keptAccount(ctx, flow);
  const provider = kept && (await findProvider(ctx, kept.provider));
  const owner = provider && (await identityById(ctx, identityId));
  if (!owner) return { kind: "nothing" };
  if (!owner.credentials.some(({ identifiers }) => identifiers.includes(wanted!.identifier)))
    return refused(otherAccountThanLinked());
  const { config } = ctx;
  const required = [config.session.whoami.required_aal, config.selfservice.flows.settings.required_aal];
  if (required.some((aal) => aal !== "aal1") && assuranceOf(methods) < availableAal(config, owner))
    return { kind: "waiting", memory: { ...linking.with(wanted), ...keepAccount(ctx, kept) } };
  const { config: settings } = provider;
  const cause = { reason: "login.link" } as const;
  const written = await changeIdentity(ctx, identityId, cause, (before, tx) =>
    withCredential(tx, before, linkAccount(tx, credentialOf(before, "oidc"), settings, kept.account)),
  );
  if (written?.kind !== "written") return refused(linkedElsewhere());
  await clearPendingLink(ctx, flow);
  const method = { method: "oidc", aal: "aal1", completed_at: ctx.now().toISOString(), provider: settings.id } as const;
  return {
    kind: "linked",
    method: { ...method, ...(settings.organization_id && { organization: settings.organization_id }) },
    memory: { ...linking.with(undefined), ...forgetAccount() },
  };
}
