import { useState } from "preact/hooks";
import { useCall } from "../../calls/use-call.ts";
import { SelectField, TextField } from "../../parts/field.tsx";
import { Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import { place, setQuery } from "../../routing/place.ts";
import { messageColumns } from "./columns.tsx";

/** Mails and text messages, the newest first. */
export function Messages() {
  const { query } = useStore(place);
  const status = query.get("status") ?? "";
  const recipient = query.get("to") ?? "";
  const [to, setTo] = useState(recipient);
  const { answered, error, isLoading } = useCall("ListCourierMessages", {
    page_size: 50,
    page_token: query.get("page") ?? "",
    status,
    recipient,
  });
  return (
    <Page title="Messages" lead="Mails and text messages, the newest first.">
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery({ to: to.trim(), page: "" });
        }}
      >
        <SelectField
          label="Status"
          value={status}
          onChange={(value) => setQuery({ status: value, page: "" })}
          choices={[
            ["", "All"],
            ["queued", "Queued"],
            ["processing", "Processing"],
            ["sent", "Sent"],
            ["abandoned", "Abandoned"],
          ]}
        />
        <TextField label="Recipient" value={to} onChange={setTo} placeholder="An address in full" />
        <button type="submit" class="button plain">
          Filter
        </button>
      </form>
      <ErrorNote error={error} />
      <div class="card flush">
        <Table
          caption="Messages"
          columns={messageColumns}
          rows={answered?.answer}
          keyOf={({ id }) => id}
          isLoading={isLoading}
          empty={
            <Empty title="No messages">{status || recipient ? "None of this kind." : "Nothing was sent yet."}</Empty>
          }
        />
      </div>
      {answered && <Pager next={answered.next} shown={answered.answer.length} />}
    </Page>
  );
}
