import { html } from "../html.ts";
import type { Html } from "../html.ts";
import { page } from "../layout.ts";
import { fieldsOf, isOwnForm } from "../own-form.ts";
import { sendOn } from "../relay.ts";
import { nameOfPerson, sessionOf } from "../session.ts";
import { askJson, redirect } from "../view.ts";
import type { View } from "../view.ts";
import type { Answer } from "../visit.ts";
import { applicationName, scopeList } from "./applications.ts";
import type { Application } from "./applications.ts";
import { problemPage } from "./error.ts";

interface ConsentRequest {
  readonly challenge: string;
  readonly application: Application;
  readonly requested_scope: readonly string[];
  readonly requested_audience: readonly string[];
}

const path = "account/consent-request";

/** Asks somebody whether an application may know and do what it asks for. */
export async function consentScreen(view: View): Promise<Answer> {
  const challenge = view.query.get("consent_challenge") ?? "";
  const query = `consent_challenge=${encodeURIComponent(challenge)}`;
  const { body: request, error } = await askJson<ConsentRequest>(view, { path: `${path}?${query}` });
  const session = await sessionOf(view);
  if (!request || !session) return error?.redirectTo ? redirect(error.redirectTo) : problemPage(view, error!);
  const { words } = view;
  const { application, requested_scope: scopes, requested_audience: audience } = request;
  const name = applicationName(application);
  const body = html`${logo(application)}<p class="hint">${words.text("welcome.as", { name: nameOfPerson(session) })}</p>
<p class="lead">${words.text("consent.lead", { name })}</p>
${scopeList(view, scopes)}
${audience.length > 0 && html`<p class="hint">${words.text("consent.audience", { names: audience.join(", ") })}</p>`}
<form method="post" action="${view.page("consent")}">
<input type="hidden" name="consent_challenge" value="${challenge}">
<div class="buttons"><button class="primary" name="do" value="allow">${words.text("consent.allow")}</button>
<button class="secondary" name="do" value="deny">${words.text("consent.deny")}</button></div>
</form>
${terms(view, application)}`;
  return page(view, { title: words.text("consent.title", { name }), body });
}

/** Answers for somebody, and leads them back to the application. */
export async function answerConsent(view: View): Promise<Answer> {
  if (!isOwnForm(view)) return problemPage(view, { code: 403, message: "The form belongs to another site." });
  const fields = await fieldsOf(view);
  const chosen = fields.get("do");
  if (chosen !== "allow" && chosen !== "deny") return problemPage(view, { code: 400, message: "Bad Request" });
  const { body, error } = await askJson<{ readonly redirect_browser_to: string }>(view, {
    method: "PUT",
    path,
    headers: { "content-type": "application/json" },
    body: Buffer.from(
      JSON.stringify({ consent_challenge: fields.get("consent_challenge"), allow: chosen === "allow" }),
    ),
  });
  return body ? sendOn(view, body.redirect_browser_to) : problemPage(view, error!);
}

const logo = ({ logo_uri: url }: Application): Html | undefined =>
  url !== undefined && /^https:/i.test(url)
    ? html`<p><img class="application" src="${url}" alt="" width="64" height="64" referrerpolicy="no-referrer"></p>`
    : undefined;

function terms({ words }: View, { policy_uri: policy, tos_uri: tos, client_uri: home }: Application): Html {
  const link = (url: string | undefined, text: string) =>
    url !== undefined && /^https?:/i.test(url)
      ? html`<p class="hint"><a href="${url}" rel="noreferrer" target="_blank">${words.text(text)}</a></p>`
      : undefined;
  return html`${link(home, "consent.home")}${link(policy, "consent.policy")}${link(tos, "consent.terms")}`;
}
