import { html } from "../html.ts";
import type { Kind } from "../flow.ts";
import { page } from "../layout.ts";
import { askJson } from "../view.ts";
import type { ApiError, View } from "../view.ts";
import type { Answer } from "../visit.ts";
import { beginLink } from "./links.ts";

interface KeptError {
  readonly id: string;
  readonly error: { readonly code?: number; readonly message?: string; readonly reason?: string; readonly id?: string };
}

/** The page of an error that was kept. */
export async function errorScreen(view: View): Promise<Answer> {
  const id = view.query.get("id");
  const { body, error: unread } = await askJson<KeptError>(view, {
    path: `self-service/errors?id=${encodeURIComponent(id ?? "")}`,
  });
  if (!body) return problemPage(view, unread!);
  const { code = 500, message = "", reason, id: name } = body.error;
  const error = { code, message, ...(reason !== undefined && { reason }), ...(name !== undefined && { id: name }) };
  return problemPage(view, error, {}, 200);
}

/** The statuses that people can do something about. */
const explained = new Set([403, 404, 410, 429]);

/** The errors that people are told in words of their own, by their ids. */
const named = new Set([
  "invitation_unknown",
  "invitation_expired",
  "invitation_revoked",
  "invitation_accepted",
  "self_service_flow_disabled",
  "session_impersonated",
]);

/** Says what went wrong, and where to begin again. */
export function problemPage(
  view: View,
  error: ApiError,
  { again = "login" as Kind } = {},
  status = error.code,
): Promise<Answer> {
  const { words } = view;
  const { code, message, reason, id = "" } = error;
  const known = named.has(id) ? id : explained.has(code) ? code : code >= 500 ? 500 : 400;
  const body = html`<p class="lead">${words.text(`error.${known}`)}</p>
<details class="more"><summary>${words.text("error.details")}</summary><p class="hint" lang="en" dir="ltr">${code}: ${message}${reason !== undefined && html`<br>${reason}`}</p></details>
<p class="buttons"><a class="button primary" href="${beginLink(view, id === "session_impersonated" ? "settings" : again)}">${words.text("error.again")}</a></p>`;
  return page(view, { title: words.text("error.title"), body, status });
}
