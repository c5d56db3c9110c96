import type { ConfiguredSchema } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { traitsOf } from "../../form/schema-form.tsx";
import { Badge, Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";

const columns: readonly Column<ConfiguredSchema>[] = [
  {
    head: "Schema",
    isName: true,
    cell: ({ id, schema }) => (
      <>
        <a href={`/console/schemas/${encodeURIComponent(id)}`}>{id}</a>
        <span class="second">{String(schema?.["title"] ?? "")}</span>
      </>
    ),
  },
  { head: "Traits", cell: ({ schema }) => Object.keys(traitsOf(schema)["properties"] ?? {}).join(", ") },
  { head: "Read from", cell: ({ source }) => source || "the configuration itself" },
  {
    head: "State",
    cell: ({ fault, is_default }) => (
      <>
        {fault ? <Badge tone="danger">unusable</Badge> : <Badge tone="good">in use</Badge>}{" "}
        {is_default && <Badge tone="accent">default</Badge>}
      </>
    ),
  },
];

/** The schemas that say what is known of people. */
export function Schemas() {
  const { answered, error, isLoading } = useCall("ListConfiguredSchemas", {});
  return (
    <Page title="Schemas" lead="What is known of people: JSON Schemas, named in the configuration.">
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Schemas"
          columns={columns}
          rows={answered?.answer}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={<Empty title="No schemas">Name one in identity.schemas of the configuration.</Empty>}
        />
      </div>
    </Page>
  );
}
