import { useState } from "preact/hooks";
import type { Administrator, Identity } from "#gen/ostiary/admin_calls.js";
import { call } from "../../calls/call.ts";
import { useCall } from "../../calls/use-call.ts";
import { Button } from "../../parts/button.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Badge, Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { say } from "../../parts/say.tsx";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";
import { nameOf } from "../identities/name-of.ts";

const columns = (people: ReadonlyMap<string, Identity>, onChange: () => void): readonly Column<Administrator>[] => [
  {
    head: "Administrator",
    isName: true,
    cell: ({ identity_id }) => {
      const person = people.get(identity_id);
      return <a href={`/console/identities/${identity_id}`}>{person ? nameOf(person) : identity_id}</a>;
    },
  },
  { head: "Role", cell: ({ role }) => <Badge tone={role === "owner" ? "accent" : "calm"}>{role}</Badge> },
  { head: "Since", cell: ({ created_at }) => <Time value={created_at} /> },
  {
    head: "Actions",
    isEnd: true,
    cell: (one) => <Revoke id={one.identity_id} name={nameIn(people, one.identity_id)} onChange={onChange} />,
  },
];

const nameIn = (people: ReadonlyMap<string, Identity>, id: string): string => {
  const person = people.get(id);
  return person ? nameOf(person) : id;
};

/** Who may administer. A role is given on the page of an account. */
export function Administrators() {
  const { answered, error, isLoading, reload } = useCall("ListAdministrators", { page_size: 250 });
  const ids = answered?.answer.map(({ identity_id }) => identity_id) ?? [];
  const found = useCall("ListIdentities", ids.length ? { ids } : undefined);
  const people = new Map((found.answered?.answer ?? []).map((one) => [one.id, one]));
  return (
    <Page
      title="Administrators"
      lead={
        <>
          Accounts with a role. To give somebody one, open their account under{" "}
          <a href="/console/identities">Identities</a>.
        </>
      }
    >
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Administrators"
          columns={columns(people, reload)}
          rows={answered?.answer}
          keyOf={({ identity_id }) => identity_id}
          isLoading={isLoading}
          empty={
            <Empty title="Nobody has a role yet">
              The first owner is made by <code>ostiary admin create</code>, or here.
            </Empty>
          }
        />
      </div>
    </Page>
  );
}

function Revoke({ id, name, onChange }: { id: string; name: string; onChange: () => void }) {
  const [asks, setAsks] = useState(false);
  const request = { identity_id: id };
  return (
    <>
      <Button kind="quiet" label={`Revoke the role of ${name}`} onPress={() => setAsks(true)}>
        Revoke
      </Button>
      {asks && (
        <Confirm
          title={`Take the role of ${name} away?`}
          verb="Take it away"
          call="RevokeAdministrator"
          request={request}
          onClose={() => setAsks(false)}
          onConfirm={async () => {
            await call("RevokeAdministrator", request);
            say("The role was taken away.");
            onChange();
          }}
        >
          <p>Their session of the console ends at once. The account stays.</p>
        </Confirm>
      )}
    </>
  );
}
