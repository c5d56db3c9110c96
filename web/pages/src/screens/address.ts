import { html } from "../html.ts";
import { form } from "../form/form.ts";
import { messages } from "../form/messages.ts";
import { firstToFill } from "../form/methods.ts";
import type { Flow } from "../flow.ts";
import type { PageContent } from "../layout.ts";
import type { View } from "../view.ts";
import { beginLink, otherwise } from "./links.ts";

/** Getting back in, by an address. */
export function drawRecovery(view: View, flow: Flow): PageContent {
  const { words } = view;
  const lead = flow.state === "choose_method" && html`<p class="lead">${words.text("recovery.lead")}</p>`;
  const body = html`${lead}${messages(view, flow)}${form(view, flow, flow.ui.nodes, { focused: firstToFill(flow.ui.nodes) })}
${otherwise("", beginLink(view, "login", flow), words.text("recovery.back"))}`;
  return { title: words.text("recovery.title"), body };
}

/** Proving that an address is one's own. */
export function drawVerification(view: View, flow: Flow): PageContent {
  const { words } = view;
  const lead = flow.state === "choose_method" && html`<p class="lead">${words.text("verification.lead")}</p>`;
  const done = flow.state === "passed_challenge";
  const shown = done ? flow.ui.nodes.filter(({ attributes: { node_type } }) => node_type === "a") : flow.ui.nodes;
  const body = html`${lead}${messages(view, flow)}${shown.length > 0 && form(view, flow, shown, { focused: firstToFill(shown) })}
${otherwise("", view.page("welcome"), words.text("verification.later"))}`;
  return { title: words.text("verification.title"), body };
}
