import { useState } from "preact/hooks";
import type { JsonObject } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { JsonField, read } from "../../form/json-editor.tsx";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import { goTo } from "../../routing/place.ts";

/** Makes an account. */
export function NewIdentity() {
  const [schema, setSchema] = useState("");
  const [traits, setTraits] = useState("{}");
  const [password, setPassword] = useState("");
  const action = useAction();
  const found = read(traits);
  const make = async () => {
    const { answer } = await call("CreateIdentity", {
      identity: {
        schema_id: schema,
        traits: ("value" in found ? found.value : {}) as JsonObject,
        ...(password && { credentials: { password: { config: { password } } } }),
      },
    });
    say("The identity was made.");
    goTo(`/identities/${answer.id}`);
  };
  return (
    <Page
      title="New identity"
      above={{ path: "/identities", name: "Identities" }}
      lead="Makes an account for somebody."
    >
      <form
        class="card narrow"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(make);
        }}
      >
        <div class="card-body stack">
          <TextField label="Schema" isOptional value={schema} onChange={setSchema} />
          <JsonField label="Traits" text={traits} onChange={setTraits} />
          <TextField label="Password" type="password" isOptional value={password} onChange={setPassword} />
          <ErrorNote error={action.error} />
          <div class="actions">
            <Button kind="primary" type="submit" isBusy={action.isBusy}>
              Make the identity
            </Button>
          </div>
        </div>
      </form>
    </Page>
  );
}
