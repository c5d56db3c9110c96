import { html, nothing } from "../html.ts";
import type { Html } from "../html.ts";
import { isField, nameOf } from "../flow.ts";
import type { Flow, Node } from "../flow.ts";
import type { View } from "../view.ts";
import { form } from "./form.ts";

/** Whether a node leads to another site, and needs nothing that is filled in here. */
export const isSocial = ({ group }: Node): boolean => group === "oidc" || group === "saml";

/** The buttons that lead to other sites, in a form of their own: Enter in a field never presses one. */
export function social(view: View, flow: Flow, nodes: readonly Node[], beside: boolean): Html {
  if (!nodes.length) return nothing;
  return html`${beside && html`<p class="or"><span>${view.words.text("or")}</span></p>`}
<div class="social">${form(view, flow, nodes, { look: "secondary", lookOf: () => "secondary" })}</div>`;
}

/** The field that the browser goes to: the first that is wrong, or else the first that is empty. */
export function firstToFill(nodes: readonly Node[]): Node | undefined {
  const fields = nodes.filter(
    (node) => isField(node) && !node.attributes.disabled && node.attributes.type !== "checkbox",
  );
  return (
    fields.find(isWrong) ??
    fields.find(({ attributes: { value } }) => value === undefined || value === "" || value === null)
  );
}

/** Whether something is wrong with what was filled in. */
export const isWrong = (node: Node): boolean => node.messages.some(({ type }) => type === "error");

/** The nodes by their groups, in the order in which they come. */
export const byGroup = (nodes: readonly Node[]): Map<string, Node[]> => Map.groupBy(nodes, ({ group }) => group);

/** The node of a name. */
export const named = (nodes: readonly Node[], name: string): Node | undefined =>
  nodes.find((node) => nameOf(node) === name);
