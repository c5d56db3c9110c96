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
import { standing } from "./session.ts";
import { SignIn } from "./sign-in.tsx";
import { SideFoot } from "./side-foot.tsx";
import { TenantPicker } from "./tenant-picker.tsx";
import { Who } from "./who.tsx";

/** The console: its frame, and the screen of the place where the person is. */
export function App() {
  const { path } = useStore(place);
  const world = useStore(tenant);
  const { session, isLockedOut } = useStore(standing);
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
        <a class="brand" href="/console" aria-label="Ostiary">
          <Mark /> <span class="brand-name">Ostiary</span>
        </a>
        <div class="top-end">
          {!isLockedOut && <TenantPicker />}
          <button
            type="button"
            class="button quiet"
            aria-label="Show as command"
            onClick={() => setShowsCommands(true)}
          >
            <span class="wide">Show as command</span>
            <span class="slim" aria-hidden="true">
              &gt;_
            </span>
          </button>
          <Who />
        </div>
      </header>
      <aside class={`side ${isOpen ? "open" : ""}`} id="side" aria-label="Ways and settings">
        {!isLockedOut && <Navigation />}
        <SideFoot />
      </aside>
      <main id="main" tabIndex={-1} key={`${world} ${path} ${session?.identity_id}`}>
        {isLockedOut ? <SignIn /> : found ? <found.route.screen params={found.params} /> : <NotFound />}
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
