import { useState } from "preact/hooks";
import { call } from "../../calls/call.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { say } from "../../parts/say.tsx";
import { ExactTime } from "../../parts/time.tsx";

/** When an account will be deleted that its owner has asked to be, and what keeps it. */
export function ScheduledDeletion(props: { id: string; name: string; at: string; onChange: () => void }) {
  const { id, name, at, onChange } = props;
  const [asks, setAsks] = useState(false);
  const keep = async () => {
    await call("CancelIdentityDeletion", { id });
    say("The account stays.");
    onChange();
  };
  return (
    <div class="line-head">
      <p>
        Deletion scheduled
        <span class="second">
          By its owner, for <ExactTime value={at} />.
        </span>
      </p>
      <Button onPress={() => setAsks(true)}>Cancel deletion</Button>
      {asks && (
        <Confirm
          title={`Keep ${name}?`}
          verb="Keep the account"
          kind="primary"
          call="CancelIdentityDeletion"
          request={{ id }}
          onClose={() => setAsks(false)}
          onConfirm={keep}
        >
          <p>Its owner has asked for the deletion, and can ask again.</p>
        </Confirm>
      )}
    </div>
  );
}
