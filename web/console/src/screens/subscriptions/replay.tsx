import { useState } from "preact/hooks";
import type { ReplayEventsRequest } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { CheckField, TextField } from "../../parts/field.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { say } from "../../parts/say.tsx";

/** Sends all of a range, piece by piece; answers how much that was. */
async function replay(range: ReplayEventsRequest): Promise<number> {
  let count = 0;
  for (let page_token: string | undefined; page_token !== "";) {
    const { answer } = await call("ReplayEvents", { ...range, ...(page_token && { page_token }) });
    count += answer.replayed;
    page_token = answer.next_page_token;
  }
  return count;
}

/** Sends events once more: those of a time, or dead letters alone. */
export function Replay({ id, onDone }: { id: string; onDone: () => void }) {
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const [isDead, setDead] = useState(true);
  const action = useAction();
  const send = async () => {
    const count = await replay({
      id,
      ...(since && { since: new Date(since).toISOString() }),
      ...(until && { until: new Date(until).toISOString() }),
      ...(isDead && { dead_letters: true }),
    });
    say(`${count} on their way once more.`);
    onDone();
  };
  return (
    <Card title="Replay" lead="Receivers know by its id what comes twice.">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(send);
        }}
      >
        <CheckField label="Dead letters alone" value={isDead} onChange={setDead} />
        <TextField
          label="From"
          type="datetime-local"
          value={since}
          onChange={setSince}
          isOptional={isDead}
          isRequired={!isDead}
        />
        <TextField label="Until" type="datetime-local" value={until} onChange={setUntil} isOptional />
        <ErrorNote error={action.error} />
        <div>
          <Button type="submit" isBusy={action.isBusy}>
            Replay
          </Button>
        </div>
      </form>
    </Card>
  );
}
