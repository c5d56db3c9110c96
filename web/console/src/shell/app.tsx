import { useEffect, useState } from "preact/hooks";
import { tenant } from "../calls/tenant.ts";
import { Said } from "../parts/say.tsx";
import { useStore } from "../parts/store.ts";
import { match } from "../routing/match.ts";
import { followLinks, place } from "../routing/place.ts";
import { routes } from "../screens/routes.ts";
import { NotFound } from "../screens/not-found.tsx";
import { JournalDrawer } from "./journal-drawer.tsx";
import { Navigation } from "./navigation.tsx";
import { TenantPicker } from "./tenant-picker.tsx";
import { theme } from "./theme.ts";
import type { Theme } from "./theme.ts";

/** The console: its frame, and the screen of the place where the person is. */
export function App() {
  const { path } = useStore(place);
  const world = useStore(tenant);
  const [isOpen, setOpen] = useState(false);
  const [showsCommands, setShowsCommands] = useState(false);
  useEffect(() => setOpen(false), [path]);
  const found = match(routes, path);
  return (
    <div class="frame" onClick={followLinks}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to content
      </a>
      <header class="top">
        <button
          type="button"
          class="button quiet menu"
          aria-expanded={isOpen}
          aria-controls="side"
          onClick={() => setOpen(!isOpen)}
        >
          Menu
        </button>
        <a class="brand" href="/console">
          <Mark /> Ostiary
        </a>
        <div class="top-end">
          <TenantPicker />
          <button type="button" class="button quiet" onClick={() => setShowsCommands(true)}>
            <span class="wide">Show as </span>command
          </button>
          <ThemePicker />
        </div>
      </header>
      <div class={`side ${isOpen ? "open" : ""}`} id="side">
        <Navigation />
      </div>
      <main id="main" tabIndex={-1} key={`${world} ${path}`}>
        {found ? <found.route.screen params={found.params} /> : <NotFound />}
      </main>
      <Said />
      {showsCommands && <JournalDrawer onClose={() => setShowsCommands(false)} />}
    </div>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path d="M10 24V14a6 6 0 0 1 12 0v10M7.5 24.500h17" />
    <circle cx="18.4" cy="18.6" r="1.5" />
  </svg>
);

function ThemePicker() {
  const chosen = useStore(theme);
  const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
  return (
    <button
      type="button"
      class="button quiet"
      aria-label={`Colours: ${chosen}. Change to ${next[chosen]}.`}
      onClick={() => theme.set(next[chosen])}
    >
      {{ system: "◐", light: "○", dark: "●" }[chosen]}
    </button>
  );
}
