import { useState } from "preact/hooks";
import type { Identity, ListIdentitiesRequest } from "#gen/ostiary/admin_calls.js";
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
import { place, setQuery } from "../../routing/place.ts";
import { nameOf, personalNameOf } from "./name-of.ts";
import { StateBadge } from "./state-badge.tsx";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

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
  { head: "Created", cell: ({ created_at }) => <Time value={created_at} /> },
];

/** All accounts, to be searched. */
export function Identities() {
  const { query } = useStore(place);
  const asked = query.get("q") ?? "";
  const { answered, error, isLoading } = useCall("ListIdentities", requestOf(asked, query.get("page") ?? ""));
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
      <Search asked={asked} />
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Identities"
          columns={columns}
          rows={answered?.answer}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={
            asked ? (
              <Empty title={`Nobody is found by “${asked}”`}>
                An address has to begin like that, or an id to be it.
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

function requestOf(asked: string, page: string): ListIdentitiesRequest {
  const request = { page_size: 50, page_token: page };
  if (!asked) return request;
  return uuid.test(asked) ? { ids: [asked] } : { ...request, preview_credentials_identifier_similar: asked };
}

function Search({ asked }: { asked: string }) {
  const [text, setText] = useState(asked);
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setQuery({ q: text.trim(), page: "" });
      }}
    >
      <input
        type="search"
        aria-label="Search identities"
        placeholder="E-mail address, user name or id"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button plain">
        Search
      </button>
    </form>
  );
}
