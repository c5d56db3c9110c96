import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { GetStatisticsResponse } from "#gen/ostiary/admin_calls.js";
import { useCall } from "../../calls/use-call.ts";
import { Chart } from "../../chart/chart.tsx";
import { Card } from "../../parts/card.tsx";
import { SelectField } from "../../parts/field.tsx";
import { ErrorNote, Loading } from "../../parts/notes.tsx";
import { Page } from "../../parts/page.tsx";
import { Time } from "../../parts/time.tsx";
import { activityIn, windowOf } from "./activity.ts";
import { Health } from "./health.tsx";
import { Latencies } from "./latencies.tsx";
import { Seed } from "./seed.tsx";

const windows = [
  ["1", "Last 24 hours"],
  ["7", "Last 7 days"],
  ["30", "Last 30 days"],
  ["365", "Last year"],
] as const;

/** How the server is doing. */
export function Overview() {
  const [days, setDays] = useState("30");
  const [now] = useState(Date.now);
  const window = windowOf(Number(days), now);
  const version = useCall("GetVersion", {});
  const { answered, error, isLoading, reload } = useCall("GetStatistics", window);
  return (
    <Page
      title="Overview"
      lead={version.answered && `Ostiary ${version.answered.answer.version}`}
      actions={<SelectField label="Window" value={days} onChange={setDays} choices={windows} />}
    >
      <div class="stack">
        <ErrorNote error={error} />
        {isLoading && !answered && <Loading lines={8} />}
        {answered && <Numbers numbers={answered.answer} />}
        {answered && <Charts numbers={answered.answer} window={window} />}
        <Health />
        <Latencies />
        <Seed onChange={reload} />
      </div>
    </Page>
  );
}

const Figure = ({
  name,
  value,
  more,
  path,
}: {
  name: string;
  value: number;
  more?: ComponentChildren;
  path: string;
}) => (
  <a class="figure" href={`/console${path}`}>
    <span class="figure-name">{name}</span>
    <span class="figure-value">{value.toLocaleString("en")}</span>
    <span class="second">{more}</span>
  </a>
);

function Numbers({ numbers: { identities, sessions, messages } }: { numbers: GetStatisticsResponse }) {
  const { active = 0, inactive = 0 } = identities ?? {};
  const waiting = (messages?.queued ?? 0) + (messages?.processing ?? 0);
  return (
    <div class="figures">
      <Figure
        name="Identities"
        value={active + inactive}
        more={`${inactive.toLocaleString("en")} disabled`}
        path="/identities"
      />
      <Figure
        name="Active sessions"
        value={sessions?.active ?? 0}
        more={
          sessions ? (
            <>
              counted <Time value={sessions.counted_at} />
            </>
          ) : (
            "not counted yet"
          )
        }
        path="/sessions"
      />
      <Figure
        name="Messages waiting"
        value={waiting}
        more={`${messages?.processing ?? 0} being sent`}
        path="/messages?status=queued"
      />
    </div>
  );
}

function Charts({ numbers, window }: { numbers: GetStatisticsResponse; window: ReturnType<typeof windowOf> }) {
  const { times, signUps, signIns, failures, messages } = activityIn(numbers, window);
  const shared = { times, period: window.period };
  return (
    <div class="charts">
      <Card title="Accounts">
        <Chart label="Accounts that were made and deleted" lines={signUps} {...shared} />
      </Card>
      <Card title="Sign-ins by method">
        <Chart label="Sign-ins by method" lines={signIns} {...shared} />
      </Card>
      <Card title="Attempts that failed">
        <Chart label="Attempts that failed" lines={failures} {...shared} />
      </Card>
      <Card title="Messages">
        <Chart label="Messages that were sent and given up" lines={messages} {...shared} />
      </Card>
    </div>
  );
}
