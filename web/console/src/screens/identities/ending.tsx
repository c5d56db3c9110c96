import { useState } from "preact/hooks";
import type { Identity } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { say } from "../../parts/say.tsx";
import { goTo } from "../../routing/place.ts";
import { Export } from "./export.tsx";
import { nameOf } from "./name-of.ts";
import { ScheduledDeletion } from "./scheduled-deletion.tsx";

/** What shuts an account, what is handed out of it, and what ends it. */
export function Ending({ identity, onChange }: { identity: Identity; onChange: () => void }) {
  const [asks, setAsks] = useState<"disable" | "delete">();
  const action = useAction();
  const isOff = identity.state === "inactive";
  const name = nameOf(identity);
  const state = isOff ? ("active" as const) : ("inactive" as const);
  const change = { id: identity.id, patch: [{ op: "replace", path: "/state", value: state }] };
  const changeState = async () => {
    await call("PatchIdentity", change);
    say(isOff ? "The account was enabled." : "The account was disabled.");
    onChange();
  };
  return (
    <Card title="Account">
      <div class="stack">
        <div class="line-head">
          <p>
            {isOff ? "Disabled: signs in nowhere." : "May sign in."}
            <span class="second">
              {isOff ? "Enabling lets them sign in again." : "Disabling ends all sessions at once."}
            </span>
          </p>
          <Button isBusy={action.isBusy} onPress={() => (isOff ? void action.run(changeState) : setAsks("disable"))}>
            {isOff ? "Enable" : "Disable"}
          </Button>
        </div>
        <Export id={identity.id} name={name} />
        {identity.deletion_scheduled_at && (
          <ScheduledDeletion id={identity.id} name={name} at={identity.deletion_scheduled_at} onChange={onChange} />
        )}
        <div class="line-head">
          <p>
            Delete
            <span class="second">With sessions, credentials and addresses, for good.</span>
          </p>
          <Button kind="danger" onPress={() => setAsks("delete")}>
            Delete
          </Button>
        </div>
        <ErrorNote error={action.error} />
      </div>
      {asks === "disable" && (
        <Confirm
          title={`Disable ${name}?`}
          verb="Disable"
          call="PatchIdentity"
          request={change}
          onClose={() => setAsks(undefined)}
          onConfirm={changeState}
        >
          <p>They are signed out everywhere, and cannot sign in until the account is enabled again.</p>
        </Confirm>
      )}
      {asks === "delete" && (
        <Confirm
          title={`Delete ${name}?`}
          verb="Delete for good"
          word={name}
          call="DeleteIdentity"
          request={{ id: identity.id }}
          onClose={() => setAsks(undefined)}
          onConfirm={async () => {
            await call("DeleteIdentity", { id: identity.id });
            say(`${name} was deleted.`);
            goTo("/identities");
          }}
        >
          <p>This cannot be undone.</p>
        </Confirm>
      )}
    </Card>
  );
}
