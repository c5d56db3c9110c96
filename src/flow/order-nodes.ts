import type { MethodConfig, MethodFlow } from "../config/schema/method.ts";
import { methodConfigs } from "../config/schema/methods.ts";
import { nameOf, type UiNode } from "../ui/node.ts";

/** Where the groups stand that are no method's, and one that is not built. */
const otherPlaces: Readonly<Record<string, MethodConfig["place"]>> = {
  saml: { registration: 20 },
  default: { login: 30, registration: 30, settings: 10 },
  captcha: { registration: 80 },
};
const methods: Readonly<Record<string, MethodConfig>> = methodConfigs;
const last = 1000;
const firstNames = ["csrf_token", "identifier", "password"];

/** Puts nodes in the order in which forms show them: by group, what identifies first, what submits last. */
export function orderNodes(kind: MethodFlow, nodes: readonly UiNode[]): UiNode[] {
  const rank = (node: UiNode) => placeOf(kind, node.group) * 100 + rankInGroup(node);
  // Sorting is stable: within its rank a node stays where its method, or the schema, put it.
  return nodes.toSorted((a, b) => rank(a) - rank(b));
}

const placeOf = (kind: MethodFlow, group: string): number =>
  (methods[group]?.place ?? otherPlaces[group])?.[kind] ?? last;

function rankInGroup(node: UiNode): number {
  const name = nameOf(node);
  if (name === "method") return 99;
  const first = firstNames.indexOf(name);
  return first < 0 ? firstNames.length : first;
}
