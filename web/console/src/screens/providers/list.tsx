import type { Provider } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Badge, Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";

const columns: readonly Column<Provider>[] = [
  {
    head: "Provider",
    isName: true,
    cell: ({ id, config }) => (
      <>
        <a href={`/console/providers/${encodeURIComponent(id)}`}>{String(config?.["label"] ?? id)}</a>
        <span class="second">{id}</span>
      </>
    ),
  },
  { head: "Kind", cell: ({ config }) => String(config?.["provider"] ?? "") },
  { head: "Client", cell: ({ config }) => <code>{String(config?.["client_id"] ?? "")}</code> },
  {
    head: "Kept in",
    cell: ({ source }) => (source === "file" ? <Badge>file</Badge> : <Badge tone="accent">database</Badge>),
  },
];

/** The providers that people sign in at. */
export function Providers() {
  const { answered, error, isLoading } = useCall("ListProviders", {});
  return (
    <Page
      title="Providers"
      lead="Where people may sign in instead, in the order of the buttons."
      actions={
        <ButtonLink kind="primary" path="/providers/new">
          New provider
        </ButtonLink>
      }
    >
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Providers"
          columns={columns}
          rows={answered?.answer}
          keyOf={({ id, source }) => `${source} ${id}`}
          isLoading={isLoading}
          empty={<Empty title="No providers">With one, people sign in by an account that they have already.</Empty>}
        />
      </div>
    </Page>
  );
}
