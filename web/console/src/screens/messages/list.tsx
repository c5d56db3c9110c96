import { useCall } from "../../calls/use-call.ts";
import { Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Pager } from "../../parts/pager.tsx";
import { RecipientFilters } from "../../parts/recipient-filters.tsx";
import { useStore } from "../../parts/store.ts";
import { Table } from "../../parts/table.tsx";
import { place } from "../../routing/place.ts";
import { messageColumns } from "./columns.tsx";

const choices = [
  ["queued", "Queued"],
  ["processing", "Processing"],
  ["sent", "Sent"],
  ["abandoned", "Abandoned"],
] as const;

/** Mails and text messages, the newest first. */
export function Messages() {
  const { query } = useStore(place);
  const status = query.get("status") ?? "";
  const recipient = query.get("to") ?? "";
  const { answered, error, isLoading } = useCall("ListCourierMessages", {
    page_size: 50,
    page_token: query.get("page") ?? "",
    status,
    recipient,
  });
  return (
    <Page title="Messages" lead="Mails and text messages, the newest first.">
      <RecipientFilters label="Status" name="status" choices={choices} />
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
