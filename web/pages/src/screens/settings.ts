import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { accountNav } from "../account.ts";
import { form } from "../form/form.ts";
import { messages } from "../form/messages.ts";
import { byGroup, firstToFill, isWrong } from "../form/methods.ts";
import { shown } from "../form/shown.ts";
import { isButton } from "../flow.ts";
import type { Flow, Node } from "../flow.ts";
import type { PageContent } from "../layout.ts";
import { sessionOf } from "../session.ts";
import type { View } from "../view.ts";
import { addresses } from "./addresses.ts";
import { applicationsPart } from "./applications.ts";
import { leavingParts } from "./leaving.ts";

const order = ["profile", "code", "password", "passkey", "webauthn", "totp", "lookup_secret", "oidc", "saml"];

/** One's account: a section for each thing that can be changed. */
export async function drawSettings(view: View, flow: Flow): Promise<PageContent> {
  // What talks to authenticators is security keys' own, and passkeys need it, too.
  const scripts = flow.ui.nodes.filter(isScript);
  const nodes = flow.ui.nodes.filter((node) => node.group !== "default" && !isScript(node));
  const groups = [...byGroup(nodes)]
    .filter(([, nodes]) => nodes.some(({ attributes: { type } }) => type !== "hidden"))
    .sort(([one], [other]) => rank(one) - rank(other));
  const wrong = groups.find(([, nodes]) => nodes.some(isWrong))?.[1];
  const session = await sessionOf(view);
  const body = html`${messages(view, flow)}${groups.map(([group, nodes]) => section(view, flow, group, nodes, wrong === nodes, group === "profile" ? addresses(view, session) : undefined))}${await applicationsPart(view)}${await leavingParts(view)}${scripts.map((node) => shown(view, node))}`;
  return { title: view.words.text("settings.title"), body, wide: true, above: await accountNav(view, "settings") };
}

const isScript = ({ attributes: { node_type } }: Node): boolean => node_type === "script";

const rank = (group: string) => (order.includes(group) ? order.indexOf(group) : order.length);

function section(view: View, flow: Flow, group: string, nodes: readonly Node[], wrong: boolean, more?: Html): Html {
  const { words } = view;
  const removing = nodes.filter(isRemoval);
  const others = nodes.filter((node) => !isRemoval(node));
  const focused = wrong ? firstToFill(others) : undefined;
  return html`<section class="part" id="${group}" aria-labelledby="${group}-title">
<div class="about"><h2 id="${group}-title">${words.text(`group.${group}`)}</h2><p class="hint">${words.text(`group.${group}.about`)}</p></div>
<div class="forms">
${removing.length > 0 && html`<div class="kept">${form(view, flow, removing, { look: "danger", lookOf: () => "danger" })}</div>`}
${others.length > 0 && form(view, flow, others, { focused, look: group === "profile" || group === "password" || group === "totp" ? "primary" : "secondary", lookOf: () => "secondary" })}
${more}
</div></section>`;
}

const removals = new Set(["totp_unlink", "lookup_secret_disable", "webauthn_remove", "passkey_remove", "unlink"]);

/** Whether a button takes something away: it stands apart from those that add. */
const isRemoval = (node: Node): boolean => isButton(node) && removals.has(node.attributes.name ?? "");
