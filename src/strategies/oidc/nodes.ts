import type { Context } from "../../context.ts";
import type { Attempt } from "../../flow/attempt.ts";
import type { Flow } from "../../flow/flow.ts";
import { providersOf } from "../../identity/kinds/linked.ts";
import type { CredentialContent } from "../../identity/kinds/kind.ts";
import { findCredentialsBehind } from "../../identity/repository.ts";
import { asksIdentifier, identifierGiven, shownMethods } from "../../proof/login-screen.ts";
import { configuredProviders } from "../../provider/find-provider.ts";
import type { ProviderConfig } from "../../provider/provider.ts";
import type { Message } from "../../ui/message.ts";
import { submitNode } from "../../ui/node.ts";
import type { UiNode } from "../../ui/node.ts";
import { group } from "./upstream-login.ts";

/** A button for each provider. Those that an organization has brought along are for its own forms. */
export const buttons = (providers: readonly ProviderConfig[], label: (provider: ProviderConfig) => Message): UiNode[] =>
  inOrder(providers.map((provider) => submitNode(group, "provider", provider.id, label(provider))));

/** Buttons in the order of the ids of their providers, as clients of Kratos know them. */
export const inOrder = (nodes: readonly UiNode[]): UiNode[] =>
  nodes.toSorted(({ attributes: a }, { attributes: b }) => (String(a["value"]) < String(b["value"]) ? -1 : 1));

/** The providers of a form: those of its organization if there are any, else everybody's. */
export async function offeredProviders(
  ctx: Context,
  { organizationId }: Pick<Flow, "organizationId">,
): Promise<readonly ProviderConfig[]> {
  const all = await configuredProviders(ctx);
  const own = organizationId ? all.filter(({ organization_id: id }) => id === organizationId) : [];
  return own.length ? own : all.filter(({ organization_id: id }) => !id);
}

/** Those of them by which somebody can sign in, as far as the flow knows who it is and may tell. */
export async function providersToSignInBy(
  ctx: Context,
  flow: Flow<"login">,
  { account }: Attempt,
): Promise<readonly ProviderConfig[]> {
  if (flow.testProvider) return (await configuredProviders(ctx)).filter(({ id }) => id === flow.testProvider);
  const all = await offeredProviders(ctx, flow);
  if (asksIdentifier(ctx, flow)) return all;
  if (flow.refresh) return linkedAmong(all, account?.credentials ?? []);
  if (!shownMethods(ctx, flow).has(group)) return [];
  const identifier = identifierGiven(flow);
  const mayHint = identifier !== undefined && !ctx.config.security.account_enumeration.mitigate;
  return mayHint ? linkedAmong(all, await findCredentialsBehind(ctx, identifier)) : all;
}

function linkedAmong(providers: readonly ProviderConfig[], credentials: readonly CredentialContent[]) {
  const linked = credentials.filter(({ type }) => type === group).flatMap(providersOf);
  return providers.filter(({ id }) => linked.includes(id));
}
