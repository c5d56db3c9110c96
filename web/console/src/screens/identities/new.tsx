import { useState } from "preact/hooks";
import type { CreateIdentityBodyInput, JsonObject } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { useSchemaChoice } from "../../form/schema-choice.tsx";
import { SchemaForm, traitsOf } from "../../form/schema-form.tsx";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { TextField } from "../../parts/field.tsx";
import { ErrorNote, Loading } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import { goTo } from "../../routing/place.ts";
import { Commands } from "../../shell/commands.tsx";

/** Makes an account: the form is the schema's. */
export function NewIdentity() {
  const { schema, field, error, isLoading } = useSchemaChoice();
  const [traits, setTraits] = useState<JsonObject>({});
  const [password, setPassword] = useState("");
  const action = useAction();
  const identity: CreateIdentityBodyInput = {
    schema_id: schema?.id ?? "",
    traits,
    ...(password && { credentials: { password: { config: { password } } } }),
  };
  const make = async () => {
    const { answer } = await call("CreateIdentity", { identity });
    say("The identity was made.");
    goTo(`/identities/${answer.id}`);
  };
  return (
    <Page
      title="New identity"
      above={{ path: "/identities", name: "Identities" }}
      lead="Makes an account for somebody. Without a password they get in by a recovery code, or by signing in elsewhere."
    >
      <ErrorNote error={error} />
      {isLoading && <Loading />}
      {schema && (
        <form
          class="card narrow"
          onSubmit={(event) => {
            event.preventDefault();
            void action.run(make);
          }}
        >
          <div class="card-body stack">
            {field}
            <SchemaForm schema={traitsOf(schema.schema)} value={traits} onChange={setTraits} />
            <TextField label="Password" type="password" isOptional value={password} onChange={setPassword} />
            <ErrorNote error={action.error} />
            <div class="actions">
              <Button kind="primary" type="submit" isBusy={action.isBusy}>
                Make the identity
              </Button>
              <ButtonLink path="/identities">Cancel</ButtonLink>
            </div>
            <details>
              <summary>Show as command</summary>
              <Commands name="CreateIdentity" request={{ identity: hidePassword(identity) }} />
            </details>
          </div>
        </form>
      )}
    </Page>
  );
}

/** Commands are copied to places where passwords do not belong. */
const hidePassword = (identity: CreateIdentityBodyInput): CreateIdentityBodyInput =>
  identity.credentials ? { ...identity, credentials: { password: { config: { password: "..." } } } } : identity;
