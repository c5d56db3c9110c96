import { useState } from "preact/hooks";
import type { DeliveryAttempt } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { Attempt } from "./attempt.tsx";

/** Sends one event at once, and shows how the receiver took it. */
export function Trial({ id }: { id: string }) {
  const [attempt, setAttempt] = useState<DeliveryAttempt>();
  const action = useAction();
  const send = async () => setAttempt((await call("TestSubscription", { id })).answer);
  return (
    <Card title="Try it" lead="Sends one event at once, whatever the state. It is not tried again.">
      <div class="stack">
        <div>
          <Button isBusy={action.isBusy} onPress={() => void action.run(send)}>
            Send a test event
          </Button>
        </div>
        <ErrorNote error={action.error} />
        {attempt && (
          <p role="status">
            <Attempt attempt={attempt} />
          </p>
        )}
      </div>
    </Card>
  );
}
