import { html, nothing } from "../html.ts";
import type { Html } from "../html.ts";
import { fieldsOf, isOwnForm } from "../own-form.ts";
import { askJson, redirect } from "../view.ts";
import type { View } from "../view.ts";
import type { Answer } from "../visit.ts";
import { problemPage } from "./error.ts";

/** An application, as people know it. */
export interface Application {
  readonly client_id: string;
  readonly client_name: string;
  readonly client_uri?: string;
  readonly logo_uri?: string;
  readonly policy_uri?: string;
  readonly tos_uri?: string;
}

interface Connected {
  readonly application: Application;
  readonly granted_scope: readonly string[];
  readonly connected_at: string;
}

/** What an application is called where it is shown. */
export const applicationName = ({ client_name: name, client_id: id }: Application): string => name || id;

/** The scopes that people are told of in words of their own. Those of an API are told by their names. */
const explained = ["openid", "profile", "email", "phone", "address", "offline_access", "offline"];

/** What an application may know and do. */
export const scopeList = ({ words }: View, scopes: readonly string[]): Html =>
  html`<ul class="points">${scopes.map((scope) => html`<li>${explained.includes(scope) ? words.text(`scope.${scope.replace(/_access$/, "")}`) : scope}</li>`)}</ul>`;

/** The part of the settings that lists the applications that somebody has let in. */
export async function applicationsPart(view: View): Promise<Html> {
  const { words, site } = view;
  if (!site.applications) return nothing;
  const { body } = await askJson<readonly Connected[]>(view, { path: "account/applications" });
  if (!body?.length) return nothing;
  return html`<section class="part" id="applications" aria-labelledby="applications-title">
<div class="about"><h2 id="applications-title">${words.text("applications.title")}</h2><p class="hint">${words.text("applications.about")}</p></div>
<div class="forms">${body.map((one) => connected(view, one))}</div></section>`;
}

const connected = (view: View, { application, granted_scope: scopes, connected_at: since }: Connected): Html =>
  html`<form method="post" action="${view.page("applications")}">
<h3>${applicationName(application)}</h3><p class="hint">${view.words.text("applications.since", { time: since })}</p>
${scopeList(view, scopes)}
<div class="buttons"><button class="danger" name="client_id" value="${application.client_id}">${view.words.text("applications.revoke", { name: applicationName(application) })}</button></div>
</form>`;

/** Shuts an application out. */
export async function shutOut(view: View): Promise<Answer> {
  if (!isOwnForm(view)) return problemPage(view, { code: 403, message: "The form belongs to another site." });
  const clientId = (await fieldsOf(view)).get("client_id") ?? "";
  const { error } = await askJson(view, {
    method: "DELETE",
    path: `account/applications/${encodeURIComponent(clientId)}`,
  });
  return error && error.code !== 404 ? problemPage(view, error) : redirect(view.page("settings"));
}
