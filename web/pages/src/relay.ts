import { html } from "./html.ts";
import { page } from "./layout.ts";
import { problemPage } from "./screens/error.ts";
import { errorOf, parse, redirect } from "./view.ts";
import type { View } from "./view.ts";
import { kinds } from "./flow.ts";
import type { Kind } from "./flow.ts";
import type { Answer } from "./visit.ts";

const submission = new RegExp(`^self-service/(${kinds.join("|")})$`);

/** The kind of flow that a path submits, if it does. */
export const submitted = (path: string): Kind | undefined => submission.exec(path)?.[1] as Kind | undefined;

/** The pages, and the beginnings of flows, which lead to them. What else there is at the same origin may send on to anywhere. */
const ours = new RegExp(`^(ui|self-service/(${kinds.join("|")})/browser)(/|$)`);

function stays({ site: { baseUrl } }: View, { origin, pathname }: URL): boolean {
  const home = new URL(baseUrl);
  return (
    origin === home.origin && pathname.startsWith(home.pathname) && ours.test(pathname.slice(home.pathname.length))
  );
}

/**
 * Hands a form on to the flow that it belongs to, as it came. Where the flow sends the browser to another site, a page of ours
 * does so: browsers judge each hop of a form's redirection by `form-action`, and the hops of another site are not ours to know.
 */
export async function relay(view: View, kind: Kind): Promise<Answer> {
  const reply = await view.ask({
    method: "POST",
    path: `${view.path}?${view.query}`,
    headers: { accept: "text/html" },
    body: await view.body(),
  });
  const location = reply.header("location");
  if (location === undefined) return problemPage(view, errorOf(reply.status, parse(reply.text)), { again: kind });
  return sendOn(view, location, reply.cookies);
}

/** Leads a browser on that has sent a form, wherever that may be. */
export function sendOn(view: View, location: string, cookies: readonly string[] = []): Answer | Promise<Answer> {
  const target = new URL(location, view.site.baseUrl);
  return stays(view, target) ? redirect(target.href, cookies) : leave(view, target, cookies);
}

function leave(view: View, target: URL, cookies: readonly string[]): Promise<Answer> {
  const { words } = view;
  return page(view, {
    title: words.text("leave.title"),
    head: html`<meta http-equiv="refresh" content="0;url=${target.href}">`,
    body: html`<p class="buttons"><a class="button primary" href="${target.href}" rel="noreferrer">${words.text("leave.link", { host: target.host })}</a></p>`,
    cookies,
  });
}
