import { html } from "../html.ts";
import { form } from "../form/form.ts";
import { messages } from "../form/messages.ts";
import { firstToFill, isSocial, social } from "../form/methods.ts";
import type { Flow } from "../flow.ts";
import type { PageContent } from "../layout.ts";
import type { View } from "../view.ts";
import { beginLink, otherwise } from "./links.ts";

/** Signing up: on one page, or who one is first and how one will sign in then. */
export function drawRegistration(view: View, flow: Flow): PageContent {
  const { words } = view;
  const nodes = flow.ui.nodes.filter((node) => !isSocial(node));
  const providers = flow.ui.nodes.filter(isSocial);
  const body = html`${messages(view, flow)}
${form(view, flow, nodes, { focused: firstToFill(nodes) })}
${social(view, flow, providers, true)}
${otherwise(words.text("registration.known"), beginLink(view, "login", flow), words.text("login.link"))}`;
  const title = flow.invitation
    ? words.text("registration.invited", { site: view.site.theme.name })
    : words.text("registration.title");
  return { title, body };
}
