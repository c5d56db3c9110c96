import type { Session } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { SelectField } from "../../parts/field.tsx";
import { Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { place, setQuery } from "../../routing/place.ts";
import { nameOf } from "../identities/name-of.ts";
import { sessionColumns } from "./columns.tsx";

const who: Column<Session> = {
  head: "Identity",
  isName: true,
  cell: ({ identity }) =>
    identity ? (
      <a href={`/console/identities/${identity.id}`}>{nameOf(identity)}</a>
    ) : (
      <span class="muted">deleted</span>
    ),
};

/** All sessions, the newest first. */
export function Sessions() {
  const { query } = useStore(place);
  const state = query.get("state") ?? "active";
  const { answered, error, isLoading, reload } = useCall("ListSessions", {
    page_size: 50,
    page_token: query.get("page") ?? "",
    expand: ["identity", "devices", "last_seen"],
    ...(state !== "all" && { active: state === "active" }),
  });
  return (
    <Page title="Sessions" lead="Who is signed in, on which device.">
      <div class="filters">
        <SelectField
          label="State"
          value={state}
          onChange={(value) => setQuery({ state: value, page: "" })}
          choices={[
            ["active", "Active"],
            ["ended", "Ended"],
            ["all", "All"],
          ]}
        />
      </div>
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Sessions"
          columns={[who, ...sessionColumns(reload).map((one) => ({ ...one, isName: false }))]}
          rows={answered?.answer}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={
            <Empty title="No sessions">{state === "active" ? "Nobody is signed in." : "None of this kind."}</Empty>
          }
        />
      </div>
      {answered && <Pager next={answered.next} shown={answered.answer.length} />}
    </Page>
  );
}
