import { useState } from "preact/hooks";
import type { Identity, JsonObject } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { useCall } from "../../calls/use-call.ts";
import { JsonView } from "../../form/json-editor.tsx";
import { SchemaForm, traitsOf } from "../../form/schema-form.tsx";
import { Button } from "../../parts/button.tsx";
import { Card } from "../../parts/card.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { say } from "../../parts/say.tsx";
import { TraitFacts } from "./trait-facts.tsx";

/** What is known of a person, as the schema says. */
export function Traits({ identity, onChange }: { identity: Identity; onChange: () => void }) {
  const { answered } = useCall("ListConfiguredSchemas", {});
  const schema = traitsOf(answered?.answer.find(({ id }) => id === identity.schema_id)?.schema);
  const [draft, setDraft] = useState<JsonObject>();
  const action = useAction();
  const traits = identity.traits ?? {};
  const save = async () => {
    const patch = [{ op: "replace", path: "/traits", value: draft! }];
    if (!(await action.run(() => call("PatchIdentity", { id: identity.id, patch })))) return;
    say("The traits were saved.");
    setDraft(undefined);
    onChange();
  };
  if (!draft)
    return (
      <Card
        title="Traits"
        actions={
          <Button kind="quiet" label="Edit traits" onPress={() => setDraft(traits)}>
            Edit
          </Button>
        }
      >
        <TraitFacts schema={schema} traits={traits} />
        <details class="raw">
          <summary>As JSON</summary>
          <JsonView value={traits} label="Traits" />
        </details>
      </Card>
    );
  return (
    <Card title="Traits">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <SchemaForm schema={schema} value={draft} onChange={setDraft} />
        <ErrorNote error={action.error} />
        <div class="actions">
          <Button type="submit" kind="primary" isBusy={action.isBusy}>
            Save
          </Button>
          <Button onPress={() => setDraft(undefined)}>Cancel</Button>
        </div>
      </form>
    </Card>
  );
}
