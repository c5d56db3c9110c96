import { useCall } from "../../calls/use-call.ts";
import { Card } from "../../parts/card.tsx";
import { Badge, Empty, ErrorNote, Loading } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Table } from "../../parts/table.tsx";
import { Findings } from "../explain/findings.tsx";
import { messageColumns } from "../messages/columns.tsx";

/** How the server is doing. */
export function Overview() {
  const version = useCall("GetVersion", {});
  return (
    <Page title="Overview" lead={version.answered && `Ostiary ${version.answered.answer.version}`}>
      <div class="stack">
        <Health />
        <Stuck />
      </div>
    </Page>
  );
}

/** What is wrong with the server, and what cures it. */
function Health() {
  const { answered, error, isLoading } = useCall("ExamineServer", {});
  const findings = answered?.answer ?? [];
  const grave = findings.filter(({ severity }) => severity === "error" || severity === "warning");
  const others = findings.filter((one) => !grave.includes(one));
  return (
    <Card
      title="Health"
      actions={
        answered &&
        (grave.length ? (
          <Badge tone="warning">{grave.length} to look at</Badge>
        ) : (
          <Badge tone="good">all is well</Badge>
        ))
      }
    >
      <ErrorNote error={error} />
      {isLoading && !answered && <Loading />}
      <Findings findings={grave} />
      {others.length > 0 && (
        <details class="raw">
          <summary>{others.length} more that were looked at</summary>
          <Findings findings={others} />
        </details>
      )}
    </Card>
  );
}

/** Messages that nobody will get. */
function Stuck() {
  const { answered, error, isLoading } = useCall("ListCourierMessages", { status: "abandoned", page_size: 5 });
  return (
    <Card title="Messages that were given up" isFlush>
      <ErrorNote error={error} />
      <Table
        caption="Messages that were given up"
        columns={messageColumns}
        rows={answered?.answer}
        keyOf={({ id }) => id}
        isLoading={isLoading}
        empty={<Empty title="All messages arrive">None was given up.</Empty>}
      />
    </Card>
  );
}
