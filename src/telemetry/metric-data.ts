import { ValueType } from "@opentelemetry/api";
import type { Attributes, HrTime } from "@opentelemetry/api";
import { AggregationTemporality, DataPointType } from "@opentelemetry/sdk-metrics";
import type { DataPoint, Histogram, MetricData } from "@opentelemetry/sdk-metrics";
import type { Figure, FigureValue } from "../server/metrics.ts";

/** Since when counts are counted, and when they were read, in milliseconds since 1970. */
export interface Span {
  readonly startedAt: number;
  readonly readAt: number;
}

const hrTime = (ms: number): HrTime => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];

/** Figures as OpenTelemetry has them: the same numbers under the same names as `/metrics/prometheus` tells. */
export const metricDataOf = (figures: readonly Figure[], { startedAt, readAt }: Span): MetricData[] =>
  figures.flatMap((figure) => dataOf(figure, { startTime: hrTime(startedAt), endTime: hrTime(readAt) }));

type Times = Pick<DataPoint<unknown>, "startTime" | "endTime">;

function dataOf({ name, help, type, values }: Figure, times: Times): MetricData[] {
  const common = {
    descriptor: { name, description: help, unit: unitOf(name), valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (type === "histogram")
    return [{ ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histogramsOf(values, times) }];
  const dataPoints = values
    // What nobody knows at the moment is no number.
    .filter(({ value }) => Number.isFinite(value))
    .map(({ labels, value }) => ({ ...times, attributes: labels as Attributes, value }));
  if (dataPoints.length === 0) return [];
  if (type === "counter") return [{ ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }];
  return type === "gauge" ? [{ ...common, dataPointType: DataPointType.GAUGE, dataPoints }] : [];
}

/** Names say their unit at the end, as Prometheus wants it. */
const unitOf = (name: string): string =>
  /_seconds(?:_total)?$/.test(name) ? "s" : /_bytes(?:_total)?$/.test(name) ? "By" : "";

/** Prometheus counts in each bucket what is in those below it as well; OpenTelemetry does not. */
function histogramsOf(values: readonly FigureValue[], times: Times): DataPoint<Histogram>[] {
  const series = new Map<
    string,
    { attributes: Attributes; bounds: number[]; below: number[]; sum: number; count: number }
  >();
  for (const {
    metricName = "",
    labels: { le, ...labels },
    value,
  } of values) {
    const key = JSON.stringify(Object.entries(labels).sort());
    let one = series.get(key);
    if (!one) series.set(key, (one = { attributes: labels as Attributes, bounds: [], below: [], sum: 0, count: 0 }));
    if (metricName.endsWith("_sum")) one.sum = value;
    else if (metricName.endsWith("_count")) one.count = value;
    else {
      one.below.push(value);
      if (le !== "+Inf") one.bounds.push(Number(le));
    }
  }
  return [...series.values()].map(({ attributes, bounds, below, sum, count }) => ({
    ...times,
    attributes,
    value: { count, sum, buckets: { boundaries: bounds, counts: below.map((all, at) => all - (below[at - 1] ?? 0)) } },
  }));
}
