import { useCall } from "../../calls/use-call.ts";
import { Card } from "../../parts/card.tsx";
import { Empty, ErrorNote } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { messageColumns } from "../messages/columns.tsx";

/** How the server is doing. */
export function Overview() {
  const version = useCall("GetVersion", {});
  const stuck = useCall("ListCourierMessages", { status: "abandoned", page_size: 5 });
  return (
    <Page title="Overview" lead={version.answered && `Ostiary ${version.answered.answer.version}`}>
      <ErrorNote error={version.error} />
      <Card title="Messages that were given up" isFlush>
        <ErrorNote error={stuck.error} />
        <Table
          caption="Messages that were given up"
          columns={messageColumns}
          rows={stuck.answered?.answer}
          keyOf={({ id }) => id}
          isLoading={stuck.isLoading}
          empty={<Empty title="All messages arrive">None was given up.</Empty>}
        />
      </Card>
    </Page>
  );
}
