import { html, nothing } from "../html.ts";
import type { Html } from "../html.ts";
import type { Session } from "../session.ts";
import type { View } from "../view.ts";
import { beginLink } from "./links.ts";

/** Which addresses somebody has proved to be theirs, and where to prove the others. */
export function addresses(view: View, session: Session | undefined): Html {
  const { words, site } = view;
  const all = session?.identity?.verifiable_addresses ?? [];
  if (!all.length) return nothing;
  const verify =
    site.verification && html`<a href="${beginLink(view, "verification")}">${words.text("address.verify")}</a>`;
  return html`<ul class="list">${all.map(
    ({ value, verified }) =>
      html`<li><span dir="auto">${value}</span>${verified ? html`<span class="tag">${words.text("address.verified")}</span>` : html`<span class="hint">${words.text("address.unverified")} ${verify}</span>`}</li>`,
  )}</ul>`;
}
