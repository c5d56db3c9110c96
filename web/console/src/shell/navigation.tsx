import { place } from "../routing/place.ts";
import { useStore } from "../parts/store.ts";

/** A place in the navigation. */
export interface Entry {
  readonly path: string;
  readonly name: string;
  /** An icon's strokes, on a square of 20. */
  readonly icon: string;
}

const groups: readonly (readonly [title: string, entries: readonly Entry[]])[] = [
  ["", [{ path: "/", name: "Overview", icon: "M3 10.5 10 4l7 6.5M5 9v7h10V9" }]],
  [
    "People",
    [
      {
        path: "/identities",
        name: "Identities",
        icon: "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 16.5c.8-3 3-4.5 6-4.5s5.2 1.5 6 4.5",
      },
      { path: "/sessions", name: "Sessions", icon: "M3.5 5h13v8.500h-13ZM7 16.500h6" },
    ],
  ],
  ["Traffic", [{ path: "/messages", name: "Messages", icon: "M3 5.500h14v9H3Zm0 .500 7 5 7-5" }]],
];

const isAt = (path: string, entry: string): boolean =>
  entry === "/" ? path === "/" : path === entry || path.startsWith(`${entry}/`);

/** The ways to all screens. */
export function Navigation() {
  const { path } = useStore(place);
  return (
    <nav class="navigation" aria-label="Console">
      {groups.map(([title, entries]) => (
        <div class="navigation-group" key={title}>
          {title && <p class="navigation-title">{title}</p>}
          <ul>
            {entries.map(({ path: entry, name, icon }) => (
              <li key={entry}>
                <a href={`/console${entry === "/" ? "" : entry}`} aria-current={isAt(path, entry) ? "page" : undefined}>
                  <svg viewBox="0 0 20 20" aria-hidden="true">
                    <path d={icon} />
                  </svg>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
