import { useState } from "preact/hooks";
import type { SeedPeopleResponse } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { useCall } from "../../calls/use-call.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { ErrorNote, Note } from "../../parts/notes.tsx";

/** Makes people up, on a server in development. */
export function Seed({ onChange }: { onChange: () => void }) {
  const { answered } = useCall("GetConfiguration", {});
  const [made, setMade] = useState<SeedPeopleResponse>();
  const action = useAction();
  if (!answered?.answer.development) return null;
  const seed = async () => {
    setMade((await call("SeedPeople", { seed: { number: 1, count: 50 } })).answer);
    onChange();
  };
  return (
    <Card
      title="Development"
      lead="Makes fifty people up, with sessions and messages, to try things with."
      actions={
        <Button isBusy={action.isBusy} onPress={() => void action.run(seed)}>
          Make people up
        </Button>
      }
    >
      <ErrorNote error={action.error} />
      {made && (
        <div role="status">
          <Note tone="good">
            {made.people} people were made, {made.existing} were there already. All have the password{" "}
            <code>{made.password}</code>.
          </Note>
        </div>
      )}
    </Card>
  );
}
