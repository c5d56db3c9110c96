import { useState } from "preact/hooks";
import { shapeOf } from "../calls/http.ts";
import { journal } from "../calls/journal.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Empty } from "../parts/notes.tsx";
import { useStore } from "../parts/store.ts";
import { Commands } from "./commands.tsx";

/** The last calls of this page, each as commands that do the same. */
export function JournalDrawer({ onClose }: { onClose: () => void }) {
  const made = useStore(journal);
  const [key, setKey] = useState(made[0]?.key);
  const shown = made.find((one) => one.key === key) ?? made[0];
  return (
    <Dialog title="Show as command" onClose={onClose}>
      {!shown && <Empty title="Nothing was called yet" />}
      {shown && (
        <div class="journal">
          <ul class="journal-list" aria-label="Last calls">
            {made.map((one) => (
              <li key={one.key}>
                <button type="button" aria-pressed={one.key === shown.key} onClick={() => setKey(one.key)}>
                  <span class="verb">{shapeOf(one.name).verb}</span>
                  <span>{one.name}</span>
                  <span class="muted">
                    {one.status === undefined ? "…" : `${one.status || "no answer"} · ${one.ms} ms`}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          <Commands name={shown.name} request={shown.request} tenant={shown.tenant} />
        </div>
      )}
    </Dialog>
  );
}
