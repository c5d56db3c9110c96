import { Copy } from "../../parts/copy.tsx";
import { Note } from "../../parts/notes.tsx";

/** The secret by which a receiver verifies what it is sent: shown this once. */
export const SigningSecret = ({ secret }: { secret: string }) => (
  <div role="status">
    <Note tone="good">
      <p class="break">
        <code>{secret}</code> <Copy text={secret} what="the secret" />
      </p>
      <p>Give it to the receiver, which verifies signatures by it. It is shown this once.</p>
    </Note>
  </div>
);
