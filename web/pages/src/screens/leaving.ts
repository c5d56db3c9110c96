import { accountNav } from "../account.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { page } from "../layout.ts";
import { fieldsOf, isOwnForm } from "../own-form.ts";
import { nameOfPerson, sessionOf } from "../session.ts";
import { askJson, errorOf, parse, redirect } from "../view.ts";
import type { ApiError, View } from "../view.ts";
import type { Answer } from "../visit.ts";
import { problemPage } from "./error.ts";

interface Deletion {
  readonly enabled: boolean;
  readonly scheduled_at?: string;
  readonly earliest_at?: string;
  readonly ends_sessions?: boolean;
}

const deletionOf = (view: View) => askJson<Deletion>(view, { path: "account/deletion" });

/** The last parts of one's account: what is known of one, and the end of it. */
export async function leavingParts(view: View): Promise<Html> {
  const { words } = view;
  const { body: deletion } = await deletionOf(view);
  const at = deletion?.scheduled_at;
  const copy = part("data", words.text("data.title"), words.text("data.about"), form(view, exportButton(view)));
  // What is scheduled can be called off, even where deletion has been switched off since.
  if (!deletion?.enabled && at === undefined) return copy;
  const end =
    at === undefined
      ? html`<div class="buttons"><a class="button danger" href="${view.page("delete")}">${words.text("delete.button")}</a></div>`
      : form(view, html`<button class="primary" name="do" value="keep">${words.text("delete.cancel")}</button>`);
  const about = at === undefined ? words.text("delete.about") : words.text("delete.scheduled", { time: at });
  return html`${copy}${part("delete", words.text("delete.title"), about, end)}`;
}

const part = (id: string, title: string, about: string, forms: Html): Html =>
  html`<section class="part" id="${id}" aria-labelledby="${id}-title">
<div class="about"><h2 id="${id}-title">${title}</h2><p class="hint">${about}</p></div>
<div class="forms">${forms}</div></section>`;

const form = (view: View, buttons: Html): Html =>
  html`<form method="post" action="${view.page("account")}"><div class="buttons">${buttons}</div></form>`;

const exportButton = ({ words }: View): Html =>
  html`<button class="secondary" name="do" value="export">${words.text("data.export")}</button>`;

/** Says what becomes of somebody who has their account deleted, and asks whether they want that. */
export async function deletionScreen(view: View): Promise<Answer> {
  const { words } = view;
  const [session, { body: deletion, error }] = [await sessionOf(view), await deletionOf(view)];
  if (!session || !deletion) return redirect(error?.redirectTo ?? view.page("login"));
  if (deletion.scheduled_at !== undefined) return redirect(view.page("settings"));
  if (!deletion.enabled) return problemPage(view, { code: 404, message: "Not Found" });
  const buttons = html`<button class="danger" name="do" value="delete">${words.text("delete.button")}</button>
${exportButton(view)}
<a class="button secondary" href="${view.page("settings")}">${words.text("delete.cancel")}</a>`;
  const body = html`<p class="lead">${words.text("welcome.as", { name: nameOfPerson(session) })}</p>
<ul class="points">
<li>${words.text("delete.when", { time: deletion.earliest_at })}</li>
<li>${words.text(deletion.ends_sessions ? "delete.sign-out" : "delete.stay")}</li>
<li>${words.text("delete.what")}</li>
<li>${words.text("delete.copy")}</li>
</ul>
${form(view, buttons)}`;
  return page(view, { title: words.text("delete.ask"), body, above: await accountNav(view) });
}

/** Hands out what is known of somebody, has their account deleted, or keeps it. */
export async function leave(view: View): Promise<Answer> {
  if (!isOwnForm(view)) return problemPage(view, { code: 403, message: "The form belongs to another site." });
  const chosen = (await fieldsOf(view)).get("do");
  if (chosen === "export") return download(view);
  if (chosen !== "delete" && chosen !== "keep") return problemPage(view, { code: 400, message: "Bad Request" });
  const method = chosen === "delete" ? "PUT" : "DELETE";
  const { error } = await askJson(view, { method, path: "account/deletion" });
  if (error) return refused(view, error, chosen === "delete" ? "delete" : "settings");
  // Where all sessions end at once, nobody is signed in any more.
  return redirect(view.page((await sessionOf(view)) ? "settings" : "signed-out"));
}

async function download(view: View): Promise<Answer> {
  const { status, text } = await view.ask({ path: "account/export", headers: { accept: "application/json" } });
  if (status >= 400) return refused(view, errorOf(status, parse(text)), "settings");
  return {
    status: 200,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": 'attachment; filename="account.json"',
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
    body: text,
  };
}

/** Has people confirm who they are where that is what is missing, and leads them back to where they can press once more. */
function refused(view: View, error: ApiError, back: "delete" | "settings"): Answer | Promise<Answer> {
  if (error.redirectTo === undefined)
    return error.code === 401 ? redirect(view.page("login")) : problemPage(view, error);
  const target = new URL(error.redirectTo);
  target.searchParams.set("return_to", new URL(`ui/${back}`, view.site.baseUrl).href);
  return redirect(target.href);
}
