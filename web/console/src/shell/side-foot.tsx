import { useStore } from "../parts/store.ts";
import { signInAddress, standing } from "./session.ts";
import { theme } from "./theme.ts";
import type { Theme } from "./theme.ts";

const themes: readonly (readonly [theme: Theme, name: string])[] = [
  ["system", "Like the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** What stands below the navigation: how the console looks, and the way in where nobody has to sign in. */
export function SideFoot() {
  const chosen = useStore(theme);
  const { session, isLockedOut } = useStore(standing);
  return (
    <div class="side-foot">
      <label>
        <span>Colours</span>
        <select value={chosen} onChange={(event) => theme.set(event.currentTarget.value as Theme)}>
          {themes.map(([one, name]) => (
            <option key={one} value={one} selected={one === chosen}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {!session && !isLockedOut && <a href={signInAddress()}>Sign in as an administrator</a>}
    </div>
  );
}
