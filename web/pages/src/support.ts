import { html, nothing } from "./html.ts";
import type { Html } from "./html.ts";
import { logoutUrl, nameOfPerson, sessionOf } from "./session.ts";
import type { View } from "./view.ts";

/** Says that somebody else is signed in as the person whose pages these are, and lets them end it; nothing where nobody is. */
export async function supportBanner(view: View): Promise<Html> {
  const session = await sessionOf(view);
  if (!session?.act) return nothing;
  const { words } = view;
  const out = await logoutUrl(view);
  return html`<aside class="support" aria-label="${words.text("support.title")}">
<p>${words.text("support.as", { name: nameOfPerson(session), until: session.expires_at })}</p>
${out !== undefined && html`<a class="button secondary" href="${out}">${words.text("support.end")}</a>`}
</aside>`;
}
