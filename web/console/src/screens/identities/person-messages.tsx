import { useState } from "preact/hooks";
import { useCall } from "../../calls/use-call.ts";
import { Card } from "../../parts/card.tsx";
import { SelectField } from "../../parts/field.tsx";
import { Empty, ErrorNote } from "../../parts/notes.tsx";
import { Table } from "../../parts/table.tsx";
import { messageColumns } from "../messages/columns.tsx";

/** What was sent to the addresses of an account. */
export function PersonMessages({ addresses }: { addresses: readonly string[] }) {
  const [recipient, setRecipient] = useState(addresses[0] ?? "");
  const { answered, error, isLoading } = useCall(
    "ListCourierMessages",
    recipient ? { recipient, page_size: 10 } : undefined,
  );
  if (!recipient) return null;
  return (
    <Card title="Messages" lead={`The last ones to ${recipient}.`} isFlush>
      {addresses.length > 1 && (
        <div class="pad">
          <SelectField
            label="Address"
            value={recipient}
            onChange={setRecipient}
            choices={addresses.map((one) => [one, one])}
          />
        </div>
      )}
      <ErrorNote error={error} />
      <Table
        caption="Messages"
        columns={messageColumns.filter(({ head }) => head !== "To")}
        rows={answered?.answer}
        keyOf={({ id }) => id}
        isLoading={isLoading}
        empty={<Empty title="Nothing was sent" />}
      />
    </Card>
  );
}
