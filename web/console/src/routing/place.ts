import { createStore } from "../parts/store.ts";

/** Where the console lies on the admin port. */
export const home = "/console";

/** Where a person is: the path below the console's, and the query. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const read = (): Place => ({
  path: location.pathname.slice(home.length).replace(/\/+$/, "") || "/",
  query: new URLSearchParams(location.search),
});

/** Where the person is. */
export const place = createStore(read());

addEventListener("popstate", () => place.set(read()));

/** The address of a place in the console. */
export const hrefOf = (path: string): string => home + (path === "/" ? "" : path);

/** Goes to a place in the console. */
export function goTo(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", hrefOf(path));
  else history.pushState(null, "", hrefOf(path));
  place.set(read());
  if (!replace) scrollTo(0, 0);
}

/** Changes parameters of the query; empty ones go. */
export function setQuery(changes: Readonly<Record<string, string>>, options?: { replace?: boolean }): void {
  const { path, query } = read();
  for (const [name, value] of Object.entries(changes))
    if (value) query.set(name, value);
    else query.delete(name);
  const text = query.toString();
  goTo(text ? `${path}?${text}` : path, options);
}

/** Has plain links within the console change the place instead of loading the page anew. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element).closest?.("a");
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download")) return;
  if (link.pathname !== home && !link.pathname.startsWith(`${home}/`)) return;
  event.preventDefault();
  goTo((link.pathname.slice(home.length) || "/") + link.search);
}
