import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { fieldsOf, isOwnForm } from "../own-form.ts";
import { sessionOf } from "../session.ts";
import { askJson, errorOf, parse, redirect } from "../view.ts";
import type { ApiError, View } from "../view.ts";
import type { Answer } from "../visit.ts";
import { problemPage } from "./error.ts";

interface Deletion {
  readonly enabled: boolean;
  readonly scheduled_at?: string;
}

/** The last parts of one's account: what is known of one, and the end of it. */
export async function leavingParts(view: View): Promise<Html> {
  const { words } = view;
  const { body: deletion } = await askJson<Deletion>(view, { path: "account/deletion" });
  const at = deletion?.scheduled_at;
  const copy = part(
    view,
    "data",
    words.text("data.title"),
    words.text("data.about"),
    html`<button class="secondary" name="do" value="export">${words.text("data.export")}</button>`,
  );
  // What is scheduled can be called off, even where deletion has been switched off since.
  if (!deletion?.enabled && at === undefined) return copy;
  const end =
    at === undefined
      ? html`<button class="danger" name="do" value="delete">${words.text("delete.button")}</button>`
      : html`<button class="primary" name="do" value="keep">${words.text("delete.cancel")}</button>`;
  const about = at === undefined ? words.text("delete.about") : words.text("delete.scheduled", { time: at });
  return html`${copy}${part(view, "delete", words.text("delete.title"), about, end)}`;
}

const part = (view: View, id: string, title: string, about: string, button: Html): Html =>
  html`<section class="part" id="${id}" aria-labelledby="${id}-title">
<div class="about"><h2 id="${id}-title">${title}</h2><p class="hint">${about}</p></div>
<div class="forms"><form method="post" action="${view.page("account")}"><div class="buttons">${button}</div></form></div></section>`;

/** Hands out what is known of somebody, has their account deleted, or keeps it. */
export async function leave(view: View): Promise<Answer> {
  if (!isOwnForm(view)) return problemPage(view, { code: 403, message: "The form belongs to another site." });
  const chosen = (await fieldsOf(view)).get("do");
  if (chosen === "export") return download(view);
  if (chosen !== "delete" && chosen !== "keep") return problemPage(view, { code: 400, message: "Bad Request" });
  const method = chosen === "delete" ? "PUT" : "DELETE";
  const { error } = await askJson(view, { method, path: "account/deletion" });
  if (error) return refused(view, error);
  // Where all sessions end at once, nobody is signed in any more.
  return redirect(view.page((await sessionOf(view)) ? "settings" : "signed-out"));
}

async function download(view: View): Promise<Answer> {
  const { status, text } = await view.ask({ path: "account/export", headers: { accept: "application/json" } });
  if (status >= 400) return refused(view, errorOf(status, parse(text)));
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

/** Has people confirm who they are where that is what is missing, and leads them back to their account. */
function refused(view: View, error: ApiError): Answer {
  if (error.redirectTo === undefined)
    return error.code === 401 ? redirect(view.page("login")) : problemPage(view, error);
  const target = new URL(error.redirectTo);
  target.searchParams.set("return_to", new URL("ui/settings", view.site.baseUrl).href);
  return redirect(target.href);
}
