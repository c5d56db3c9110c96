import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import type { Step } from "../../flow/strategy.ts";
import { pass, reject } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { opensSession } from "../../identity/factors.ts";
import { providersOf } from "../../identity/kinds/linked.ts";
import type { IdentityWithCredentialsRow } from "../../identity/rows.ts";
import { credentialOf, withCredential, withoutCredentialOf } from "../../identity/set-credential.ts";
import { configuredProviders } from "../../provider/find-provider.ts";
import { findLinked, linkAccount, unlinkAccount } from "../../provider/link.ts";
import type { ProviderConfig } from "../../provider/provider.ts";
import { linkedElsewhere } from "../../ui/linking-messages.ts";
import { invalidSubmission, noSettingsStrategy } from "../../ui/messages.ts";
import { submitNode } from "../../ui/node.ts";
import { labelOf, linkWith, unlinkFrom } from "./messages.ts";
import { inOrder, offeredProviders } from "./nodes.ts";
import { completeByReturnCode } from "./return-code.ts";
import { sessionMethodOf } from "./session-method.ts";
import { completeAuthorization, redirectToProvider } from "./authorization.ts";
import { group, statePayloadOf, providerOf } from "./upstream-login.ts";
import type { UpstreamLogin } from "./upstream-login.ts";

/** Links somebody's account with one at a provider, or lets go of it. */
export const settings: Step<"settings", "oidc"> = {
  async render(ctx, flow, { account }) {
    const linked = linkedIn(account!);
    const labels = new Map((await configuredProviders(ctx)).map((provider) => [provider.id, labelOf(provider)]));
    const links = await linkable(ctx, flow, account!);
    // What is not configured any more can be let go of all the same.
    const unlinks = waysIn(ctx, account!) > 1 ? linked : [];
    return inOrder([
      ...links.map((provider) => submitNode(group, "link", provider.id, linkWith(labelOf(provider)))),
      ...unlinks.map((id) => submitNode(group, "unlink", id, unlinkFrom(labels.get(id) ?? id))),
    ]);
  },

  requiresReturnCode: true,

  async submit(ctx, flow, { link, unlink, upstreamParameters: hints, returnToCode: code }, attempt) {
    if (link && unlink) return refuse("Link or unlink an account, not both in one submission.");
    if (unlink) return unlinkProvider(ctx, unlink, attempt.account!);
    if (!link) return reject({ message: noSettingsStrategy() });
    if (!(await linkable(ctx, flow, attempt.account!)).some(({ id }) => id === link)) return refuse(notLinkable);
    if (code)
      return completeByReturnCode(ctx, flow, { code, provider: link }, (login) =>
        linkUpstream(ctx, flow, attempt.account!, login),
      );
    return redirectToProvider(ctx, flow, await providerOf(ctx, link), {
      hints,
      statePayload: statePayloadOf(undefined, attempt),
    });
  },

  resume: (ctx, flow, callback, { account }) =>
    completeAuthorization(ctx, flow, callback, (upstreamLogin) => linkUpstream(ctx, flow, account!, upstreamLogin)),
};

const notLinkable = "This provider does not exist, or an account at it is already linked.";
const lastWayIn = "You need this account to sign in. Add another sign-in method before you unlink it.";

const refuse = (why: string) => reject({ message: invalidSubmission(why) });

const linkedIn = (account: IdentityWithCredentialsRow): readonly string[] => {
  const credential = credentialOf(account, group);
  return credential ? [...new Set(providersOf(credential))] : [];
};

/** The providers that somebody may link an account with: one account at each. */
async function linkable(
  ctx: Context,
  flow: Pick<Flow, "organizationId">,
  account: IdentityWithCredentialsRow,
): Promise<readonly ProviderConfig[]> {
  const linked = linkedIn(account);
  return (await offeredProviders(ctx, flow)).filter(({ id }) => !linked.includes(id));
}

/** In how many ways somebody can sign in: each provider is one. */
const waysIn = ({ config }: Context, { credentials }: IdentityWithCredentialsRow): number =>
  credentials
    .filter((credential) => opensSession(config, credential))
    .reduce((ways, credential) => ways + (credential.type === group ? new Set(providersOf(credential)).size : 1), 0);

function unlinkProvider(ctx: Context, id: string, account: IdentityWithCredentialsRow): Verdict<"settings"> {
  if (!linkedIn(account).includes(id)) return refuse("No account at this provider is linked to yours.");
  if (waysIn(ctx, account) < 2) return refuse(lastWayIn);
  return pass({
    apply(before) {
      if (waysIn(ctx, before) < 2) return { complaints: [{ message: invalidSubmission(lastWayIn) }] };
      const credential = credentialOf(before, group);
      const left = credential && unlinkAccount(credential, id);
      return left ? withCredential(ctx, before, left) : withoutCredentialOf(ctx, before, group);
    },
  });
}

async function linkUpstream(
  ctx: Context,
  flow: Flow<"settings">,
  account: IdentityWithCredentialsRow,
  { provider: { config }, account: upstream, transientPayload }: UpstreamLogin,
): Promise<Verdict<"settings">> {
  const owner = await findLinked(ctx, config, upstream);
  if (owner && owner.identityId !== account.id) return reject({ message: linkedElsewhere() });
  if (linkedIn(account).includes(config.id)) return refuse(notLinkable);
  return {
    ...pass({
      apply(before) {
        if (linkedIn(before).includes(config.id)) return { complaints: [{ message: invalidSubmission(notLinkable) }] };
        return withCredential(ctx, before, linkAccount(ctx, credentialOf(before, group), config, upstream));
      },
      // However the provider has been convinced: an account that was linked just now stands in for nobody's second factor.
      proves: 1,
      method: sessionMethodOf(ctx, flow, config, upstream),
    }),
    ...(transientPayload && { transientPayload }),
  };
}
