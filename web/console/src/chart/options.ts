import type uPlot from "uplot";
import type { Line } from "./chart.tsx";

/** How uPlot draws in the colours of the page. */
export function optionsOf(
  element: Element,
  lines: readonly Line[],
  period: "hour" | "day",
): Omit<uPlot.Options, "width" | "height"> {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour("muted"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  };
  return {
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    // Periods are those of UTC on the server.
    tzDate: (seconds) => new Date(seconds * 1000 + new Date(seconds * 1000).getTimezoneOffset() * 60_000),
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(4, Math.ceil((most ?? 0) * 1.15))] } },
    axes: [
      { ...axis, grid: { show: false }, space: period === "day" ? 70 : 80 },
      { ...axis, size: 44, values: (_plot, values) => values.map((one) => (Number.isInteger(one) ? short(one) : "")) },
    ],
    series: [
      {},
      ...lines.map(({ name }, at) => {
        const stroke = colour(`chart-${(at % 5) + 1}`);
        return {
          label: name,
          stroke,
          width: 2,
          fill: lines.length === 1 ? `${stroke}1f` : undefined,
          points: { show: false },
        };
      }),
    ] as uPlot.Series[],
  };
}

const short = (value: number): string =>
  new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
