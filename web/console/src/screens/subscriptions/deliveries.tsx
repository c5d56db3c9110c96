import type { Delivery } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { Card } from "../../parts/card.tsx";
import { SelectField } from "../../parts/field.tsx";
import { Badge, Empty, ErrorNote } from "../../parts/notes.tsx";
import { Pager } from "../../parts/pager.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { Time } from "../../parts/time.tsx";
import { place, setQuery } from "../../routing/place.ts";
import { Account, eventName } from "../events/columns.tsx";

const states = [
  ["", "All"],
  ["pending", "Pending"],
  ["delivered", "Delivered"],
  ["dead", "Dead letters"],
] as const;
const tones = { pending: "accent", delivered: "good", dead: "danger" } as const;

/** What has become of a delivery. */
export const DeliveryState = ({ state = "pending" }: Pick<Delivery, "state">) => (
  <Badge tone={tones[state]}>{state === "dead" ? "dead letter" : state}</Badge>
);

const columns: readonly Column<Delivery>[] = [
  {
    head: "Event",
    isName: true,
    cell: ({ id, subscription_id: of, type, attempts }) => (
      <>
        <a href={`/console/subscriptions/${encodeURIComponent(of)}/deliveries/${id}`}>{eventName(type)}</a>
        <span class="second break">{attempts.at(-1)?.error}</span>
      </>
    ),
  },
  { head: "State", cell: ({ state }) => <DeliveryState state={state} /> },
  { head: "Attempts", isEnd: true, cell: ({ attempts }) => attempts.length },
  { head: "Account", cell: ({ subject_id: id }) => <Account id={id} /> },
  { head: "Taken in", cell: ({ created_at: at }) => <Time value={at} /> },
];

/** What is on its way to a receiver, and what has come of it. */
export function Deliveries({ id }: { id: string }) {
  const { query } = useStore(place);
  const state = (query.get("state") ?? "") as "" | NonNullable<Delivery["state"]>;
  const page = useCall("ListDeliveries", {
    id,
    page_size: 20,
    page_token: query.get("page") ?? "",
    ...(state && { state }),
  });
  const { answered, error, isLoading } = page;
  return (
    <Card
      title="Deliveries"
      lead="The newest first."
      isFlush
      actions={
        <SelectField
          label="State"
          value={state}
          onChange={(value) => setQuery({ state: value, page: "" })}
          choices={states}
        />
      }
    >
      <ErrorNote error={error} />
      <Table
        caption="Deliveries"
        columns={columns}
        rows={answered?.answer}
        keyOf={(one) => one.id}
        isLoading={isLoading}
        empty={<Empty title="No deliveries">{state ? "None of this kind." : "Nothing was taken in yet."}</Empty>}
      />
      {answered && <Pager next={answered.next} shown={answered.answer.length} />}
    </Card>
  );
}
