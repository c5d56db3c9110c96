import { attributes, html } from "./html.ts";
import type { Html } from "./html.ts";
import { logoutUrl } from "./session.ts";
import type { View } from "./view.ts";

/** Where one may go in one's account. */
export async function accountNav(view: View, current?: "settings" | "sessions"): Promise<Html> {
  const { words } = view;
  const out = await logoutUrl(view);
  const item = (path: "settings" | "sessions") =>
    html`<li><a${attributes({ href: view.page(path), "aria-current": path === current ? "page" : undefined })}>${words.text(`nav.${path}`)}</a></li>`;
  return html`<nav class="account" aria-label="${words.text("nav")}"><ul>${item("settings")}${item("sessions")}${out !== undefined && html`<li class="end"><a href="${out}">${words.text("logout.link")}</a></li>`}</ul></nav>`;
}
