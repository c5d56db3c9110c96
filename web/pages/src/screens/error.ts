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
  const { body, error } = await askJson<KeptError>(view, {
    path: `self-service/errors?id=${encodeURIComponent(id ?? "")}`,
  });
  if (!body) return problemPage(view, error!);
  const { code = 500, message = "", reason } = body.error;
  return problemPage(view, { code, message, ...(reason !== undefined && { reason }) }, {}, 200);
}

/** The statuses that people can do something about. */
const explained = new Set([403, 404, 410, 429]);

/** Says what went wrong, and where to begin again. */
export function problemPage(
  view: View,
  error: ApiError,
  { again = "login" as Kind } = {},
  status = error.code,
): Answer {
  const { words } = view;
  const { code, message, reason } = error;
  const known = explained.has(code) ? code : code >= 500 ? 500 : 400;
  const body = html`<p class="lead">${words.text(`error.${known}`)}</p>
<details class="more"><summary>${words.text("error.details")}</summary><p class="hint" lang="en" dir="ltr">${code}: ${message}${reason !== undefined && html`<br>${reason}`}</p></details>
<p class="buttons"><a class="button primary" href="${beginLink(view, again)}">${words.text("error.again")}</a></p>`;
  return page(view, { title: words.text("error.title"), body, status });
}
