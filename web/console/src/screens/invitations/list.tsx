import type { Invitation } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { RecipientFilters } from "../../parts/recipient-filters.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import { place } from "../../routing/place.ts";
import { invitationColumns } from "./columns.tsx";

const choices = [
  ["pending", "Pending"],
  ["accepted", "Accepted"],
  ["revoked", "Revoked"],
  ["expired", "Expired"],
] as const;

/** Who was invited to sign up, the newest first. */
export function Invitations() {
  const { query } = useStore(place);
  const state = query.get("state") ?? "";
  const recipient = query.get("to") ?? "";
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
      <RecipientFilters label="State" name="state" choices={choices} />
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
