import { useState } from "preact/hooks";
import type { Subscription } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { SelectField } from "../../parts/field.tsx";
import { Note } from "../../parts/notes.tsx";
import { ExactTime } from "../../parts/time.tsx";
import { SigningSecret } from "./secret.tsx";

const overlaps = [
  ["24h", "for a day"],
  ["168h", "for a week"],
  ["0s", "not at all: it has leaked"],
] as const;

/** The secret of a subscription, which can be exchanged while receivers still know the one before. */
export function Rotation({ subscription, onChange }: { subscription: Subscription; onChange: () => void }) {
  const { id, rotating_until: until } = subscription;
  const [asks, setAsks] = useState(false);
  const [overlap, setOverlap] = useState<string>("24h");
  const [secret, setSecret] = useState("");
  return (
    <Card title="Secret" lead="Signs what is sent.">
      <div class="stack">
        {secret && <SigningSecret secret={secret} />}
        {until && (
          <Note>
            Two keys sign: the one before does until <ExactTime value={until} />.
          </Note>
        )}
        <div>
          <Button onPress={() => setAsks(true)}>Rotate</Button>
        </div>
      </div>
      {asks && (
        <Confirm
          title="Make another secret?"
          verb="Rotate"
          kind="primary"
          call="RotateSubscriptionSecret"
          request={{ id, overlap }}
          onClose={() => setAsks(false)}
          onConfirm={async () => {
            setSecret((await call("RotateSubscriptionSecret", { id, overlap })).answer.secret);
            onChange();
          }}
        >
          <SelectField label="The one before signs, too" value={overlap} onChange={setOverlap} choices={overlaps} />
        </Confirm>
      )}
    </Card>
  );
}
