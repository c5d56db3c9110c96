import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { form } from "../form/form.ts";
import { messages } from "../form/messages.ts";
import { isField, nameOf } from "../flow.ts";
import type { Flow, Node } from "../flow.ts";
import { firstToFill, isSocial, social } from "../form/methods.ts";
import type { PageContent } from "../layout.ts";
import type { View } from "../view.ts";
import { beginLink, otherwise } from "./links.ts";
import { secondFactor } from "./second-factor.ts";
import { logoutLink } from "../session.ts";

/** Signing in: all methods on one page, the name first, one more factor, or once more. */
export async function drawLogin(view: View, flow: Flow): Promise<PageContent> {
  const { words } = view;
  if (flow.requested_aal === "aal2")
    return {
      title: words.text("second.title"),
      body: html`${messages(view, flow)}${secondFactor(view, flow)}${await logoutLink(view, "login.another")}`,
    };
  const nodes = flow.ui.nodes.filter((node) => !isSocial(node));
  const providers = flow.ui.nodes.filter(isSocial);
  const body = html`${messages(view, flow)}
${nodes.some(isMeant) && form(view, flow, nodes, { focused: firstToFill(nodes), aside: (node) => forgotten(view, flow, node) })}
${social(view, flow, providers, nodes.some(isMeant))}
${flow.refresh ? await logoutLink(view, "login.another") : signUp(view, flow)}`;
  return { title: words.text(flow.refresh ? "refresh.title" : "login.title"), body };
}

/** Whether a form can do without: anything that people see. */
const isMeant = ({ attributes: { type, node_type } }: Node) => type !== "hidden" && node_type !== "script";

const signUp = (view: View, flow: Flow): Html | false =>
  view.site.registration &&
  otherwise(view.words.text("login.new"), beginLink(view, "registration", flow), view.words.text("registration.link"));

function forgotten(view: View, flow: Flow, node: Node): Html | undefined {
  if (!view.site.recovery || !isField(node) || nameOf(node) !== "password") return undefined;
  return html`<a href="${beginLink(view, "recovery", flow)}">${view.words.text("login.forgotten")}</a>`;
}
