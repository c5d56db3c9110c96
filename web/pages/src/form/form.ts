import { attributes, html } from "../html.ts";
import type { Html } from "../html.ts";
import { button } from "./button.ts";
import type { Look } from "./button.ts";
import { field, messagesOf } from "./field.ts";
import { isButton, isField, isHidden, nameOf } from "../flow.ts";
import type { Flow, Node } from "../flow.ts";
import { shown } from "./shown.ts";
import type { View } from "../view.ts";

/** How a form is drawn. */
export interface FormOptions {
  /** What stands beside the label of a field. */
  aside?(node: Node): Html | undefined;
  /** The field that the browser goes to first, if no other is wrong. */
  readonly focused?: Node | undefined;
  /** How its first button looks, which Enter presses. */
  readonly look?: Look;
  /** How the others look. */
  lookOf?(node: Node): Look;
  readonly label?: string;
}

/** A form with some of a flow's nodes, and with what each of its forms sends along. */
export function form(view: View, flow: Flow, nodes: readonly Node[], options: FormOptions = {}): Html {
  const names = new Set(nodes.map(nameOf));
  const shared = flow.ui.nodes.filter((node) => node.group === "default" && isHidden(node) && !names.has(nameOf(node)));
  const hidden = [...shared, ...nodes.filter(isHidden)];
  const { aside, focused, look = "primary", lookOf = quietLook } = options;
  const ordered = inOrder(nodes);
  const buttons = ordered.filter(isButton);
  // Enter presses the first button of a form, whatever it looks like.
  const first = buttons.find(({ attributes: { type } }) => type === "submit");
  const buttonsHtml = [...(first ? [first] : []), ...buttons.filter((one) => one !== first)].map((one) =>
    button(view, one, one === first ? look : lookOf(one)),
  );
  const parts = ordered
    .filter((node) => !isHidden(node) && !isButton(node))
    .map((node) =>
      isField(node) ? field(view, node, { focused: node === focused, aside: aside?.(node) }) : shown(view, node),
    );
  return html`<form${attributes({ method: "post", action: actionOf(view, flow), class: "form", "aria-label": options.label })}>
${hidden.map(hiddenField)}
${hidden.map((node) => messagesOf(view, node))}
${parts}
<div class="buttons">${buttonsHtml}</div>
</form>`;
}

const groups = [
  "default",
  "identifier_first",
  "profile",
  "password",
  "code",
  "link",
  "totp",
  "lookup_secret",
  "webauthn",
  "passkey",
];

/** What people know comes before what is sent to them, and that before what they have to fetch. Within a group the flow's order stays. */
const inOrder = (nodes: readonly Node[]): Node[] => nodes.toSorted((one, other) => rank(one) - rank(other));
const rank = (node: Node) =>
  isAside(node) ? groups.length + 1 : groups.includes(node.group) ? groups.indexOf(node.group) : groups.length;

const asides = new Set(["screen", "resend", "previous"]);

/** Whether a button leads back or around, and not on: Enter never presses it. */
const isAside = (node: Node): boolean => isButton(node) && asides.has(nameOf(node));

const quietLook = ({ attributes: { name } }: Node): Look =>
  name === "method" || name?.endsWith("_trigger") ? "secondary" : "quiet";

const hiddenField = (node: Node): Html =>
  html`<input${attributes({ type: "hidden", name: nameOf(node), value: node.attributes.value === undefined || node.attributes.value === null ? "" : String(node.attributes.value) })}>`;

/** A flow's action at the pages' own address, from where the answer is shown to people. */
export function actionOf(view: View, flow: Flow): string {
  const { pathname, search } = new URL(flow.ui.action);
  return view.page(pathname.slice(new URL(view.site.baseUrl).pathname.length) + search);
}
