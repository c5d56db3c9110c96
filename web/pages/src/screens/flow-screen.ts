import type { Flow, Kind } from "../flow.ts";
import { languageCookies } from "../language-cookie.ts";
import type { PageContent } from "../layout.ts";
import { page } from "../layout.ts";
import { askJson, redirect } from "../view.ts";
import type { View } from "../view.ts";
import type { Answer } from "../visit.ts";
import { problemPage } from "./error.ts";

/** What becomes of a flow: a page. */
export type Draw = (view: View, flow: Flow) => PageContent | Promise<PageContent>;

/** The page of a kind of flow: shows the one that is named, or begins one. */
export function flowScreen(kind: Kind, draw: Draw): (view: View) => Promise<Answer> {
  return async (view) => {
    const id = view.query.get("flow");
    if (id === null) return begin(view, kind);
    const told = await askJson<Flow>(view, { path: `self-service/${kind}/flows?id=${encodeURIComponent(id)}` });
    const { body, error, cookies } = told;
    if (body) return page(view, { cookies, ...(await draw(view, body)) });
    if (error?.redirectTo !== undefined) return redirect(error.redirectTo, cookies);
    if (error?.code === 410) return begin(view, kind);
    if (error?.code === 401) return begin(view, "login");
    return problemPage(view, error!, { again: kind });
  };
}

const handedOn = [
  "return_to",
  "refresh",
  "aal",
  "organization",
  "identity_schema",
  "via",
  "login_challenge",
  "code",
  "token",
  "invitation",
];

/** Has the server begin a flow, at the address where it keeps its cookies. */
export function begin(view: View, kind: Kind): Answer {
  const target = new URL(`self-service/${kind}/browser`, view.site.baseUrl);
  for (const name of handedOn) if (view.query.has(name)) target.searchParams.set(name, view.query.get(name)!);
  return redirect(target.href, languageCookies(view));
}
