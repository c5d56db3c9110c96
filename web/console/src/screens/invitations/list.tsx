import { useState } from "preact/hooks";
import type { Invitation } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { SelectField, TextField } from "../../parts/field.tsx";
import { Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import { place, setQuery } from "../../routing/place.ts";
import { invitationColumns } from "./columns.tsx";

/** Who was invited to sign up, the newest first. */
export function Invitations() {
  const { query } = useStore(place);
  const state = query.get("state") ?? "";
  const recipient = query.get("to") ?? "";
  const [to, setTo] = useState(recipient);
  const { answered, error, isLoading, reload } = useCall("ListInvitations", {
    page_size: 50,
    page_token: query.get("page") ?? "",
    ...(state && { state: state as NonNullable<Invitation["state"]> }),
    recipient,
  });
  return (
    <Page
      title="Invitations"
      lead="Who was invited to sign up, the newest first."
      actions={
        <ButtonLink kind="primary" path="/invitations/new">
          New invitation
        </ButtonLink>
      }
    >
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery({ to: to.trim(), page: "" });
        }}
      >
        <SelectField
          label="State"
          value={state}
          onChange={(value) => setQuery({ state: value, page: "" })}
          choices={[
            ["", "All"],
            ["pending", "Pending"],
            ["accepted", "Accepted"],
            ["revoked", "Revoked"],
            ["expired", "Expired"],
          ]}
        />
        <TextField label="Recipient" value={to} onChange={setTo} placeholder="An address in full" />
        <button type="submit" class="button plain">
          Filter
        </button>
      </form>
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Invitations"
          columns={invitationColumns(reload)}
          rows={answered?.answer}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={
            <Empty title="No invitations">
              {state || recipient ? "None of this kind." : "Nobody was invited yet."}
            </Empty>
          }
        />
      </div>
      {answered && <Pager next={answered.next} shown={answered.answer.length} />}
    </Page>
  );
}
