import { useState } from "preact/hooks";
import type { JsonObject, NewInvitationInput } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useAction } from "../../calls/use-action.ts";
import { useSchemaChoice } from "../../form/schema-choice.tsx";
import { SchemaForm, traitsOf } from "../../form/schema-form.tsx";
import { Button, ButtonLink } from "../../parts/button.tsx";
import { CheckField, SelectField, TextField } from "../../parts/field.tsx";
import { ErrorNote, Loading } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import { goTo } from "../../routing/place.ts";
import { Commands } from "../../shell/commands.tsx";
import { Secret } from "../access/secret.tsx";

const spans = [
  ["", "As long as configured"],
  ["24h", "1 day"],
  ["168h", "1 week"],
  ["720h", "30 days"],
] as const;

const above = { path: "/invitations", name: "Invitations" };

/** Invites somebody: what is filled in here they cannot change. */
export function NewInvitation() {
  const { schema, field, error, isLoading } = useSchemaChoice();
  const [address, setAddress] = useState("");
  const [traits, setTraits] = useState<JsonObject>({});
  const [span, setSpan] = useState("");
  const [isHandedOut, setHandedOut] = useState(false);
  const [link, setLink] = useState("");
  const action = useAction();
  const invitation: NewInvitationInput = {
    recipient: { address: address.trim() },
    schema_id: schema?.id ?? "",
    ...(Object.keys(traits).length > 0 && { traits }),
    ...(span && { expires_in: span }),
    ...(isHandedOut && { send: false }),
  };
  const make = async () => {
    const { answer } = await call("CreateInvitation", { invitation });
    if (answer.link) return setLink(answer.link);
    say(`The invitation was sent to ${answer.invitation?.recipient?.address}.`);
    goTo("/invitations");
  };
  if (link)
    return (
      <Page title={address} above={above} lead="Whoever follows this link signs up.">
        <Secret secret={link} />
        <ButtonLink path="/invitations">Back to the invitations</ButtonLink>
      </Page>
    );
  return (
    <Page title="New invitation" above={above} lead="They sign up by whichever method they like.">
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
            <TextField
              label="Recipient"
              hint="An e-mail address, or a phone number with its country code."
              value={address}
              onChange={setAddress}
              isRequired
            />
            <SelectField label="Good for" value={span} onChange={setSpan} choices={spans} />
            <CheckField
              label="Hand the link out myself"
              hint="It is not sent then, and their address is not verified by it."
              value={isHandedOut}
              onChange={setHandedOut}
            />
            {field}
            <fieldset class="group">
              <legend>What their account will have</legend>
              <p class="hint">They cannot change it while they sign up. The recipient's address is put in by itself.</p>
              <SchemaForm schema={{ ...traitsOf(schema.schema), required: [] }} value={traits} onChange={setTraits} />
            </fieldset>
            <ErrorNote error={action.error} />
            <div class="actions">
              <Button kind="primary" type="submit" isBusy={action.isBusy}>
                {isHandedOut ? "Make the invitation" : "Send the invitation"}
              </Button>
              <ButtonLink path="/invitations">Cancel</ButtonLink>
            </div>
            <details>
              <summary>Show as command</summary>
              <Commands name="CreateInvitation" request={{ invitation }} />
            </details>
          </div>
        </form>
      )}
    </Page>
  );
}
