import { useState } from "preact/hooks";
import type { Identity, Json } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { JsonEditor, JsonView } from "../../form/json-editor.tsx";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { say } from "../../parts/say.tsx";

type Kind = "metadata_public" | "metadata_admin";

const kinds: readonly (readonly [kind: Kind, name: string, who: string])[] = [
  ["metadata_public", "Public metadata", "The person reads it, administrators write it."],
  ["metadata_admin", "Admin metadata", "Only administrators read and write it."],
];

/** What administrators note of an account. */
export function Metadata({ identity, onChange }: { identity: Identity; onChange: () => void }) {
  const [kind, setKind] = useState<Kind>();
  const action = useAction();
  const save = async (value: Json) => {
    const patch = [{ op: identity[kind!] === undefined ? "add" : "replace", path: `/${kind}`, value }];
    if (!(await action.run(() => call("PatchIdentity", { id: identity.id, patch })))) return;
    say("The metadata was saved.");
    setKind(undefined);
    onChange();
  };
  return (
    <Card title="Metadata">
      <div class="stack">
        {kinds.map(([one, name, who]) => (
          <div key={one}>
            <div class="line-head">
              <h3>{name}</h3>
              <Button kind="quiet" label={`Edit ${name.toLowerCase()}`} onPress={() => setKind(one)}>
                Edit
              </Button>
            </div>
            {isThere(identity[one]) ? (
              <JsonView value={identity[one]} label={name} />
            ) : (
              <p class="muted">None. {who}</p>
            )}
          </div>
        ))}
      </div>
      {kind && (
        <Dialog title={kinds.find(([one]) => one === kind)![1]} onClose={() => setKind(undefined)}>
          <JsonEditor
            label="JSON"
            value={identity[kind] ?? {}}
            onSave={(value) => void save(value)}
            isBusy={action.isBusy}
            rows={14}
          />
          <ErrorNote error={action.error} />
        </Dialog>
      )}
    </Card>
  );
}

const isThere = (value: Json | undefined): boolean => value !== undefined && value !== null;
