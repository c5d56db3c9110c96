import type { ChartProps } from "./chart.tsx";

const formats = {
  hour: new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }),
  day: new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" }),
};

/** The numbers of a chart; periods in which nothing has happened are left out. */
export const ChartTable = ({ label, times, lines, period }: ChartProps) => (
  <details class="raw">
    <summary>As a table</summary>
    <div class="scroll" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{period === "day" ? "Day" : "Hour"} (UTC)</th>
            {lines.map(({ name }) => (
              <th scope="col" class="end" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, at) =>
            lines.some(({ values }) => values[at]) ? (
              <tr key={time}>
                <th scope="row">{formats[period].format(time * 1000)}</th>
                {lines.map(({ name, values }) => (
                  <td class="end" key={name}>
                    {values[at]}
                  </td>
                ))}
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </div>
  </details>
);
