import { accountNav } from "../account.ts";
import { deviceName } from "../device.ts";
import { notice } from "../form/messages.ts";
import { attributes, html } from "../html.ts";
import type { Html } from "../html.ts";
import { page } from "../layout.ts";
import { fieldsOf, isOwnForm } from "../own-form.ts";
import { sessionOf } from "../session.ts";
import type { Session } from "../session.ts";
import { askJson, redirect } from "../view.ts";
import type { View } from "../view.ts";
import type { Answer } from "../visit.ts";
import { problemPage } from "./error.ts";

/** The devices on which somebody is signed in, each to be signed out. */
export async function sessionsScreen(view: View): Promise<Answer> {
  const { words } = view;
  const own = await sessionOf(view);
  const { body: others, error } = await askJson<readonly Session[]>(view, { path: "sessions?per_page=250" });
  if (!own || !others) return error?.redirectTo ? redirect(error.redirectTo) : redirect(view.page("login"));
  const body = html`${view.query.has("ended") && notice("success", words.text("sessions.ended"))}
<section class="part"><div class="about"><p class="hint">${words.text("sessions.about")}</p></div>
<div class="forms"><ul class="list">${device(view, own, true)}${others.map((one) => device(view, one, false))}</ul>
${others.length > 0 && html`<form method="post" action="${view.page("sessions")}"><div class="buttons"><button class="danger" name="end" value="others">${words.text("sessions.others")}</button></div></form>`}</div></section>`;
  return page(view, {
    title: words.text("sessions.title"),
    body,
    wide: true,
    above: await accountNav(view, "sessions"),
  });
}

function device(view: View, session: Session, current: boolean): Html {
  const { words } = view;
  const { act } = session;
  const name = act ? words.text("support.title") : (deviceName(session) ?? words.text("sessions.unknown"));
  const { ip_address: address, location } = session.devices?.at(-1) ?? {};
  const since = session.authenticated_at && words.text("sessions.since", { time: session.authenticated_at });
  return html`<li><div><p><strong>${name}</strong>${current && html` <span class="tag">${words.text("sessions.this")}</span>`}</p>
<p class="hint">${[address, location, since, act && words.text("support.reason", act)].filter(Boolean).join(" · ")}</p></div>
${!current && html`<form method="post" action="${view.page("sessions")}"><button${attributes({ class: "secondary", name: "end", value: session.id, "aria-label": words.text("sessions.end.device", { name }) })}>${words.text("sessions.end")}</button></form>`}</li>`;
}

/** Signs out one device, or all others. */
export async function endSessions(view: View): Promise<Answer> {
  if (!isOwnForm(view)) return problemPage(view, { code: 403, message: "The form belongs to another site." });
  const chosen = (await fieldsOf(view)).get("end") ?? "";
  const path = chosen === "others" ? "sessions" : `sessions/${encodeURIComponent(chosen)}`;
  const { error } = await askJson(view, { method: "DELETE", path });
  // Whoever has signed out in between has what they wanted.
  if (error && error.code !== 404) return error.redirectTo ? redirect(error.redirectTo) : problemPage(view, error);
  return redirect(view.page("sessions?ended"));
}
