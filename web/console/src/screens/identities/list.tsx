import type { Identity } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Id } from "../../parts/copy.tsx";
import { Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";
import { place } from "../../routing/place.ts";
import { nameOf, personalNameOf } from "./name-of.ts";
import { Search, requestOf } from "./search.tsx";
import { StateBadge } from "./state-badge.tsx";

const columns: readonly Column<Identity>[] = [
  {
    head: "Identity",
    isName: true,
    cell: (identity) => (
      <>
        <a href={`/console/identities/${identity.id}`}>{nameOf(identity)}</a>
        <span class="second">{personalNameOf(identity) || <Id value={identity.id} />}</span>
      </>
    ),
  },
  { head: "State", cell: ({ state }) => <StateBadge state={state} /> },
  { head: "Schema", cell: ({ schema_id }) => schema_id },
  { head: "Last sign-in", cell: ({ last_sign_in_at }) => <Time value={last_sign_in_at} /> },
  { head: "Created", cell: ({ created_at }) => <Time value={created_at} /> },
];

/** All accounts, to be searched. */
export function Identities() {
  const { query } = useStore(place);
  const { answered, error, isLoading } = useCall("ListIdentities", requestOf(query));
  const isAsked = ["q", "state", "factor", "verified", "filter"].some((name) => query.get(name));
  return (
    <Page
      title="Identities"
      lead="The accounts of this tenant."
      actions={
        <ButtonLink kind="primary" path="/identities/new">
          New identity
        </ButtonLink>
      }
    >
      <Search query={query} />
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Identities"
          columns={columns}
          rows={answered?.answer}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={
            isAsked ? (
              <Empty title="Nobody is found">
                {answered?.next ? "On this page: there may be others on the next." : "Perhaps with less asked for?"}
              </Empty>
            ) : (
              <Empty title="Nobody has an account yet">
                People sign up by themselves, or you make an account for them.
              </Empty>
            )
          }
        />
      </div>
      {answered && <Pager next={answered.next} shown={answered.answer.length} />}
    </Page>
  );
}
