import { useCall } from "../../calls/use-call.ts";
import { Card } from "../../parts/card.tsx";
import { Badge, ErrorNote, Loading } from "../../parts/notes.tsx";
import { Findings } from "../explain/findings.tsx";

/** What is wrong with the server, and what cures it. */
export function Health() {
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
