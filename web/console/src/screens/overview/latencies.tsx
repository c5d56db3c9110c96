import { useEffect, useState } from "preact/hooks";
import { Card } from "../../parts/card.tsx";
import { Badge, Empty } from "../../parts/notes.tsx";
import { Table } from "../../parts/table.tsx";
import type { Column } from "../../parts/table.tsx";
import { latenciesIn, overall, spanOf } from "./metrics.ts";
import type { Latency } from "./metrics.ts";

const columns: readonly Column<Latency>[] = [
  { head: "Call", isName: true, cell: ({ method }) => method },
  { head: "Calls", isEnd: true, cell: ({ calls }) => calls.toLocaleString("en") },
  { head: "99 of 100 within", isEnd: true, cell: ({ p99 }) => spanOf(p99) },
];

/** How long the server's calls take, since it began. */
export function Latencies() {
  const [text, setText] = useState<string>();
  useEffect(() => {
    const ending = new AbortController();
    fetch("/admin/metrics/prometheus", { headers: { "x-ostiary-console": "1" }, signal: ending.signal })
      .then((response) => (response.ok ? response.text() : ""))
      .then(setText, () => undefined);
    return () => ending.abort();
  }, []);
  if (text === undefined || text === "") return null;
  const all = overall(text);
  return (
    <Card
      title="Latency"
      lead="Of this server's calls since it began, those that are made most."
      isFlush
      actions={all.calls > 0 && <Badge tone="calm">p99 {spanOf(all.p99)}</Badge>}
    >
      <Table
        caption="Latency of calls"
        columns={columns}
        rows={latenciesIn(text).slice(0, 8)}
        keyOf={({ method }) => method}
        empty={<Empty title="No calls yet" />}
      />
    </Card>
  );
}
