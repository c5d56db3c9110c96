import { html } from "../html.ts";
import { page } from "../layout.ts";
import { logoutUrl, nameOfPerson, sessionOf } from "../session.ts";
import type { View } from "../view.ts";
import type { Answer } from "../visit.ts";

/** The first page that anybody sees: who is signed in, and where to go. */
export async function welcomeScreen(view: View): Promise<Answer> {
  const { words, site } = view;
  const session = await sessionOf(view);
  const inbox =
    site.inbox &&
    html`<p class="otherwise"><span>${words.text("welcome.dev")}</span> <a href="${view.page("inbox")}">${words.text("welcome.inbox")}</a></p>`;
  if (session) {
    const out = await logoutUrl(view);
    const body = html`<p class="lead">${words.text("welcome.as", { name: nameOfPerson(session) })}</p>
<p class="buttons"><a class="button primary" href="${view.page("settings")}">${words.text("settings.link")}</a>
${out !== undefined && html`<a class="button secondary" href="${out}">${words.text("logout.link")}</a>`}</p>${inbox}`;
    return page(view, { title: words.text("welcome.title"), body });
  }
  const body = html`<p class="lead">${words.text("welcome.lead")}</p>
<p class="buttons"><a class="button primary" href="${view.page("login")}">${words.text("login.link")}</a>
${site.registration && html`<a class="button secondary" href="${view.page("registration")}">${words.text("registration.link")}</a>`}</p>${inbox}`;
  return page(view, { title: words.text("welcome.title"), body });
}

/** Says that somebody has signed out. */
export async function signedOutScreen(view: View): Promise<Answer> {
  const { words } = view;
  const body = html`<p class="lead">${words.text("signed-out.lead")}</p>
<p class="buttons"><a class="button primary" href="${view.page("login")}">${words.text("login.link")}</a></p>`;
  return page(view, { title: words.text("signed-out.title"), body });
}
