import { useState } from "preact/hooks";
import type { Identity, Json } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { JsonEditor, JsonView } from "../../form/json-editor.tsx";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { say } from "../../parts/say.tsx";

/** What is known of a person, as the schema says. */
export function Traits({ identity, onChange }: { identity: Identity; onChange: () => void }) {
  const [isEditing, setEditing] = useState(false);
  const action = useAction();
  const save = async (value: Json) => {
    const patch = [{ op: "replace", path: "/traits", value }];
    if (!(await action.run(() => call("PatchIdentity", { id: identity.id, patch })))) return;
    say("The traits were saved.");
    setEditing(false);
    onChange();
  };
  return (
    <Card
      title="Traits"
      actions={
        <Button kind="quiet" onPress={() => setEditing(!isEditing)}>
          {isEditing ? "Cancel" : "Edit"}
        </Button>
      }
    >
      <ErrorNote error={action.error} />
      {isEditing ? (
        <JsonEditor
          label="Traits"
          value={identity.traits}
          onSave={(value) => void save(value)}
          isBusy={action.isBusy}
        />
      ) : (
        <JsonView value={identity.traits} label="Traits" />
      )}
    </Card>
  );
}
