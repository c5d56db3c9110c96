import { useStore } from "../parts/store.ts";
import { signOut, standing } from "./session.ts";

/** Who is signed in, and the way out. */
export function Who() {
  const { session } = useStore(standing);
  if (!session) return null;
  return (
    <details class="who">
      <summary aria-label={`Signed in as ${session.display_name}`}>
        <span class="initial" aria-hidden="true">
          {session.display_name.charAt(0).toUpperCase()}
        </span>
      </summary>
      <div class="who-menu">
        <p>
          {session.display_name}
          <span class="second">{session.role}</span>
        </p>
        <button type="button" class="button plain" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </details>
  );
}
