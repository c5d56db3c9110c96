import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Flow, Node } from "../flow.ts";
import { form } from "../form/form.ts";
import { byGroup, firstToFill, isWrong } from "../form/methods.ts";
import type { View } from "../view.ts";

const order = ["totp", "webauthn", "passkey", "code", "lookup_secret"];

/** A form for each second factor: one at hand, the others folded. */
export function secondFactor(view: View, flow: Flow): Html {
  const own = flow.ui.nodes.filter(({ group }) => group !== "default");
  const groups = [...byGroup(own)].sort(([one], [other]) => rank(one) - rank(other));
  const active =
    groups.find(([, nodes]) => nodes.some(isWrong)) ?? groups.find(([group]) => group === flow.active) ?? groups[0];
  const [first, ...others] = active ? [active, ...groups.filter((one) => one !== active)] : [];
  const loose = flow.ui.nodes.filter(({ group, attributes: { type } }) => group === "default" && type !== "hidden");
  return html`${first && form(view, flow, [...loose, ...first[1]], { focused: firstToFill(first[1]) })}
${others.length > 0 && html`<details class="more"><summary>${view.words.text("second.others")}</summary>${others.map(([group, nodes]) => other(view, flow, group, nodes))}</details>`}`;
}

const rank = (group: string) => (order.includes(group) ? order.indexOf(group) : order.length);

const other = (view: View, flow: Flow, group: string, nodes: readonly Node[]): Html =>
  html`<section class="part"><h2>${view.words.text(`group.${group}`)}</h2>${form(view, flow, nodes, { look: "secondary" })}</section>`;
