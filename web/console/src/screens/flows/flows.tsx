import type { FlowSummary, StoredFlowError } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { JsonView } from "../../form/json-editor.tsx";
import { Card } from "../../parts/card.tsx";
import { SelectField } from "../../parts/field.tsx";
import { Badge, Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";
import { place, setQuery } from "../../routing/place.ts";

const kinds = ["login", "registration", "settings", "recovery", "verification"] as const;
const words = (text: string): string => text.replaceAll("_", " ");

const columns: readonly Column<FlowSummary>[] = [
  {
    head: "Flow",
    isName: true,
    cell: ({ kind, type, request_url }) => (
      <>
        {kind.charAt(0).toUpperCase() + kind.slice(1)} <span class="muted">{type === "api" ? "native" : type}</span>
        <span class="second">{request_url}</span>
      </>
    ),
  },
  {
    head: "State",
    cell: ({ state, expires_at }) =>
      Date.parse(expires_at ?? "") < Date.now() ? (
        <Badge>expired</Badge>
      ) : (
        <Badge tone={state === "success" || state === "passed_challenge" ? "good" : "accent"}>{words(state)}</Badge>
      ),
  },
  {
    head: "The form says",
    cell: ({ notices = [] }) =>
      notices.map(({ id, type, text }, at) => (
        <span class="second" key={at}>
          {type === "error" && <Badge tone="danger">{String(id)}</Badge>} {text}
        </span>
      )),
  },
  {
    head: "Identity",
    cell: ({ identity_id }) => identity_id && <a href={`/console/identities/${identity_id}`}>show</a>,
  },
  { head: "Begun", cell: ({ issued_at }) => <Time value={issued_at} /> },
];

/** The flows that are under way, and the errors that browsers were sent away with. */
export function Flows() {
  const { query } = useStore(place);
  const kind = query.get("kind") ?? "";
  const page = query.get("page") ?? "";
  const { answered, error, isLoading } = useCall("ListFlows", { page_size: 50, page_token: page, kind });
  return (
    <Page title="Flows" lead="What people are about to do, and what stopped them.">
      <div class="stack">
        {!page && <FlowErrors />}
        <div class="filters">
          <SelectField
            label="Kind"
            value={kind}
            onChange={(value) => setQuery({ kind: value, page: "" })}
            choices={[["", "All"], ...kinds.map((one) => [one, one] as const)]}
          />
        </div>
        <ErrorNote error={error} />
        <div class="card flush">
          <Table
            caption="Flows"
            columns={columns}
            rows={answered?.answer}
            keyOf={({ id }) => id}
            isLoading={isLoading}
            empty={<Empty title="No flows">Nobody is about to sign in, to sign up or to change anything.</Empty>}
          />
        </div>
        {answered && <Pager next={answered.next} shown={answered.answer.length} />}
      </div>
    </Page>
  );
}

const sentenceOf = ({ error }: StoredFlowError): string => String(error?.["reason"] || error?.["message"] || "");

function FlowErrors() {
  const { answered, error } = useCall("ListFlowErrors", { page_size: 5 });
  if (error) return <ErrorNote error={error} />;
  if (!answered?.answer.length) return null;
  return (
    <Card title="Last errors" lead="What browsers were sent to the error page with.">
      <ul class="lines">
        {answered.answer.map((one) => (
          <li key={one.id}>
            <details class="grow">
              <summary>
                <Badge tone="danger">{String(one.error?.["id"] ?? one.error?.["code"] ?? "error")}</Badge>{" "}
                {sentenceOf(one)}
              </summary>
              <JsonView value={one.error} label="The error" />
            </details>
            <span class="muted">
              <Time value={one.created_at} /> {one.seen_at ? "" : "· never shown"}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
