import type { ComponentType } from "preact";

/** What the path of a screen names, such as an id. */
export type Params = Readonly<Record<string, string>>;

/** A screen and its path, in which `:name` stands for anything. */
export interface Route {
  readonly path: string;
  readonly screen: ComponentType<{ params: Params }>;
}

/** Finds the screen of a path. */
export function match(routes: readonly Route[], path: string): { route: Route; params: Params } | undefined {
  const actual = path.split("/");
  for (const route of routes) {
    const wanted = route.path.split("/");
    if (wanted.length !== actual.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((segment, at) => {
      if (!segment.startsWith(":")) return segment === actual[at];
      params[segment.slice(1)] = decodeURIComponent(actual[at]!);
      return actual[at] !== "";
    });
    if (fits) return { route, params };
  }
  return undefined;
}
