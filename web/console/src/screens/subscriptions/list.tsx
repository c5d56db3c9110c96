import type { Subscription } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { ButtonLink } from "../../parts/button.tsx";
import { Badge, Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";
import { SubscriptionState } from "./state.tsx";

const columns: readonly Column<Subscription>[] = [
  {
    head: "Receiver",
    isName: true,
    cell: ({ id, url, description }) => (
      <>
        <a class="break" href={`/console/subscriptions/${encodeURIComponent(id)}`}>
          {url}
        </a>
        <span class="second">{description}</span>
      </>
    ),
  },
  { head: "State", cell: (subscription) => <SubscriptionState subscription={subscription} /> },
  { head: "Types", cell: ({ types }) => <span class="break">{types.join(", ") || "all"}</span> },
  {
    head: "Kept in",
    cell: ({ origin }) => (origin === "configuration" ? <Badge>file</Badge> : <Badge tone="accent">database</Badge>),
  },
  { head: "Made", cell: ({ created_at: at }) => <Time value={at} /> },
];

/** The servers that are told of events. */
export function Subscriptions() {
  const { answered, error, isLoading } = useCall("ListSubscriptions", {});
  return (
    <Page
      title="Subscriptions"
      lead="Servers that are told what happens, each event signed and in order for each account."
      actions={
        <ButtonLink kind="primary" path="/subscriptions/new">
          New subscription
        </ButtonLink>
      }
    >
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Subscriptions"
          columns={columns}
          rows={answered?.answer}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={<Empty title="No subscriptions">With one, a server of yours hears of events as they happen.</Empty>}
        />
      </div>
    </Page>
  );
}
