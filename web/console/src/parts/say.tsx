import { createStore, useStore } from "./store.ts";

const said = createStore<{ readonly text: string; readonly at: number } | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says in a corner, and to who listens, that something was done. */
export function say(text: string): void {
  said.set({ text, at: performance.now() });
  clearTimeout(timer);
  timer = setTimeout(() => said.set(undefined), 5000);
}

/** Where it is said. */
export function Said() {
  const now = useStore(said);
  return (
    <div class="said" role="status" aria-live="polite">
      {now && <p key={now.at}>{now.text}</p>}
    </div>
  );
}
