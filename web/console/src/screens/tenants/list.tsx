import type { Tenant } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Badge, Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";
import { place } from "../../routing/place.ts";

const tones = { active: "good", inactive: "warning", deleting: "danger" } as const;

/** Whether a tenant is served. */
export const TenantState = ({ state }: { state: string }) => (
  <Badge tone={tones[state as keyof typeof tones] ?? "calm"}>{state}</Badge>
);

const columns: readonly Column<Tenant>[] = [
  {
    head: "Tenant",
    isName: true,
    cell: ({ id, slug }) => <a href={`/console/tenants/${id}`}>{slug || "default"}</a>,
  },
  { head: "Hosts", cell: ({ hosts }) => hosts.join(", ") || <span class="muted">all others</span> },
  { head: "State", cell: ({ state }) => <TenantState state={state} /> },
  {
    head: "Own settings",
    cell: ({ config = {} }) => Object.keys(config).join(", ") || <span class="muted">none</span>,
  },
  { head: "Created", cell: ({ created_at }) => <Time value={created_at} /> },
];

/** All tenants. */
export function Tenants() {
  const { query } = useStore(place);
  const { answered, error, isLoading } = useCall("ListTenants", {
    page_size: 50,
    page_token: query.get("page") ?? "",
  });
  return (
    <Page
      title="Tenants"
      lead="Worlds of their own on this server, each with its accounts, settings and secrets."
      actions={
        <ButtonLink kind="primary" path="/tenants/new">
          New tenant
        </ButtonLink>
      }
    >
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Tenants"
          columns={columns}
          rows={answered?.answer}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={<Empty title="No tenants" />}
        />
      </div>
      {answered && <Pager next={answered.next} shown={answered.answer.length} />}
    </Page>
  );
}
