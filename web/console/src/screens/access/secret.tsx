import { Copy } from "../../parts/copy.tsx";
import { Note } from "../../parts/notes.tsx";

/** A secret that is shown this once. */
export const Secret = ({ secret }: { secret: string }) => (
  <div role="status">
    <Note tone="good">
      <p class="break">
        <code>{secret}</code> <Copy text={secret} what="the secret" />
      </p>
      <p>Keep it well: it is shown this once, and stored nowhere.</p>
    </Note>
  </div>
);
