import type { Context } from "../context.ts";
import type { Linking } from "../proof/linking.ts";
import { signInAndLink, signInToLink, signInWithAndLink } from "../ui/linking-messages.ts";
import { nameOf } from "../ui/node.ts";
import type { UiNode } from "../ui/node.ts";

/** Labels of an ordinary sign-in that say of themselves what they are. */
const [signIn, signInWith] = [1010001, 1010002];

/** The nodes of a login form, as they are where signing in links an account at a provider: whose name is taken is known. */
export const linkingNodes = (nodes: readonly UiNode[], linking: Linking): UiNode[] =>
  nodes.filter((node) => serves(node, linking)).map((node) => labelled(named(node, linking)));

/** Whether somebody can prove by it that the name is theirs, as far as that may be told. */
function serves({ group, attributes, meta }: UiNode, { provider, hints }: Linking): boolean {
  if (!meta.label || group === "default") return true;
  const button = attributes["name"] === "provider" ? attributes["value"] : undefined;
  if (button === provider.id) return false;
  if (button !== undefined) return hints?.providers.includes(String(button)) ?? true;
  return hints?.types.includes(group) ?? true;
}

function named(node: UiNode, { identifier }: Linking): UiNode {
  if (nameOf(node) !== "identifier") return node;
  return { ...node, attributes: { ...node.attributes, type: "hidden", value: identifier } };
}

function labelled(node: UiNode): UiNode {
  const { id, context } = node.meta.label ?? {};
  if (id === signIn) return { ...node, meta: { label: signInAndLink() } };
  if (id === signInWith) return { ...node, meta: { label: signInWithAndLink(String(context?.["provider"] ?? "")) } };
  return node;
}

/** What such a form says. */
export const linkingMessage = ({ config }: Context, { identifier, provider, hints }: Linking) =>
  signInToLink({
    identifier,
    provider: provider.label,
    loginUrl: new URL(config.selfservice.flows.login.ui_url, config.serve.public.base_url).href,
    types: hints?.types ?? [],
    providers: hints?.providers ?? [],
  });
