import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { useStore } from "../parts/store.ts";
import { theme } from "../shell/theme.ts";
import { ChartTable } from "./chart-table.tsx";
import { optionsOf } from "./options.ts";

/** A line of a chart. */
export interface Line {
  readonly name: string;
  readonly values: readonly number[];
}

/** What a chart shows. */
export interface ChartProps {
  /** What it is of, for who does not see it. */
  readonly label: string;
  /** When each period begins, in seconds. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly period: "hour" | "day";
}

/** Numbers over time; as a table for who does not see lines. */
export function Chart({ label, times, lines, period }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chosen = useStore(theme);
  const key = JSON.stringify([times, lines]);
  useEffect(() => {
    const element = place.current!;
    let plot: uPlot | undefined;
    let isGone = false;
    const size = () => ({ width: Math.max(element.clientWidth, 120), height: 190 });
    // Only the overview draws: other screens do without.
    void import("uplot").then(({ default: Plot }) => {
      if (isGone) return;
      plot = new Plot(
        { ...optionsOf(element, lines, period), ...size() },
        [times, ...lines.map(({ values }) => values)] as never,
        element,
      );
    });
    const watching = new ResizeObserver(() => plot?.setSize(size()));
    watching.observe(element);
    return () => {
      isGone = true;
      watching.disconnect();
      plot?.destroy();
    };
  }, [key, chosen, period]);
  const totals = lines.map(({ name, values }) => `${name} ${values.reduce((a, b) => a + b, 0)}`).join(", ");
  return (
    <div class="chart">
      <div ref={place} role="img" aria-label={`${label}: ${totals || "nothing"}`} dir="ltr" />
      <ul class="legend" aria-hidden="true">
        {lines.map(({ name, values }, at) => (
          <li key={name}>
            <span class={`dot dot-${(at % 5) + 1}`} />
            {name} <strong>{values.reduce((a, b) => a + b, 0).toLocaleString("en")}</strong>
          </li>
        ))}
      </ul>
      <ChartTable label={label} times={times} lines={lines} period={period} />
    </div>
  );
}
