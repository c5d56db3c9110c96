import { icons } from "./icons.ts";
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
  ["", [{ path: "/", name: "Overview", icon: icons.house }]],
  [
    "People",
    [
      { path: "/identities", name: "Identities", icon: icons.person },
      { path: "/invitations", name: "Invitations", icon: icons.ticket },
      { path: "/sessions", name: "Sessions", icon: icons.screen },
      { path: "/explain", name: "Explain sign-in", icon: icons.question },
    ],
  ],
  [
    "Traffic",
    [
      { path: "/messages", name: "Messages", icon: icons.envelope },
      { path: "/events", name: "Events", icon: icons.pulse },
      { path: "/subscriptions", name: "Subscriptions", icon: icons.broadcast },
      { path: "/flows", name: "Flows", icon: icons.steps },
    ],
  ],
  [
    "Setup",
    [
      { path: "/schemas", name: "Schemas", icon: icons.braces },
      { path: "/providers", name: "Providers", icon: icons.link },
      { path: "/mappers", name: "Mappers", icon: icons.branch },
      { path: "/tenants", name: "Tenants", icon: icons.houses },
      { path: "/configuration", name: "Configuration", icon: icons.sliders },
    ],
  ],
  [
    "Access",
    [
      { path: "/administrators", name: "Administrators", icon: icons.shield },
      { path: "/api-keys", name: "API keys", icon: icons.key },
    ],
  ],
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
