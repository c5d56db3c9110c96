import { useState } from "preact/hooks";
import type { ConfigurationSetting, Json } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { SelectField, TextField } from "../../parts/field.tsx";
import { Badge, Empty, ErrorNote, Loading } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { Remarks } from "./remarks.tsx";

const shown = (value: Json | undefined): string =>
  value === undefined
    ? ""
    : typeof value === "string"
      ? value
      : JSON.stringify(value, null, 1).replaceAll(/\n */g, " ");

const columns: readonly Column<ConfigurationSetting>[] = [
  {
    head: "Setting",
    isName: true,
    cell: ({ path, about }) => (
      <>
        <code>{path}</code>
        <span class="second">{about}</span>
      </>
    ),
  },
  {
    head: "Value",
    cell: ({ value }) => (value === undefined ? <span class="muted">not set</span> : <code>{shown(value)}</code>),
  },
  {
    head: "From",
    cell: ({ written, without_effect, deprecated }) => (
      <>
        {written ? <Badge tone="accent">written</Badge> : <span class="muted">default</span>}{" "}
        {without_effect && <Badge tone="warning">no effect</Badge>}{" "}
        {deprecated && <Badge tone="warning">deprecated</Badge>}
      </>
    ),
  },
];

type Which = "written" | "all" | "without_effect";

/** What the server goes by. */
export function Configuration() {
  const { answered, error, isLoading } = useCall("GetConfiguration", {});
  const [text, setText] = useState("");
  const [which, setWhich] = useState<Which>("written");
  const configuration = answered?.answer;
  const wanted = text.trim().toLowerCase();
  const rows = configuration?.settings.filter(
    (one) =>
      (which === "all" || (which === "written" ? one.written : one.without_effect)) &&
      (!wanted || one.path.toLowerCase().includes(wanted) || one.about.toLowerCase().includes(wanted)),
  );
  return (
    <Page
      title="Configuration"
      lead={
        configuration && (
          <>
            In effect for this tenant, revision{" "}
            <code title={configuration.revision}>{configuration.revision.slice(0, 12)}</code>.
            {configuration.development && " The server runs in development mode."}
          </>
        )
      }
    >
      <ErrorNote error={error} />
      {isLoading && !configuration && <Loading lines={8} />}
      {configuration && (
        <div class="stack">
          <Remarks remarks={configuration.remarks} />
          <div class="filters">
            <SelectField
              label="Show"
              value={which}
              onChange={(value) => setWhich(value as Which)}
              choices={[
                ["written", "What is written"],
                ["all", "Everything"],
                ["without_effect", "What has no effect yet"],
              ]}
            />
            <TextField label="Find" value={text} onChange={setText} placeholder="lifespan, cookies, smtp" />
          </div>
          <div class="card flush settings">
            <Table
              caption="Settings"
              columns={columns}
              rows={rows}
              keyOf={({ path }) => path}
              empty={<Empty title="No such setting">Perhaps among everything?</Empty>}
            />
          </div>
        </div>
      )}
    </Page>
  );
}
