import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { Metric, MetricValue, Registry } from "prom-client";
import type { Call } from "../context.ts";
import { histogramSamples, type Measure, placeAmong } from "../measure.ts";

/** Counts calls and how long they took; of a request that names no call of the contract the method is undefined. */
export type ObserveCall = (
  method: DescMethod | undefined,
  call: Pick<Call, "protocol">,
  code: Code | undefined,
  seconds: number,
) => void;

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const durationName = "ostiary_call_duration_seconds";

/** The calls of a method that came by a protocol. */
interface Series {
  readonly labels: { readonly method: string; readonly protocol: Call["protocol"] };
  /** By gRPC code; at 0, which is none, those that went well. */
  readonly outcomes: Float64Array;
  /** How many took as long as a bound, and longer than the one before; at the end, those beyond all bounds. */
  readonly places: Float64Array;
  sum: number;
}

/**
 * Counts calls in numbers of its own, of which the package of Prometheus is told when somebody asks: to have it look up its series
 * and check their labels costs each call three microseconds.
 */
export function countCalls(registry: Registry): ObserveCall {
  const series = new Map<DescMethod | undefined, Series[]>();
  const all = () => [...series.values()].flat();
  show(
    registry,
    "counter",
    "ostiary_calls_total",
    "Calls that were answered or refused, by method (none where a request fits no call), protocol and outcome.",
    () => all().flatMap(outcomesOf),
  );
  show(
    registry,
    "histogram",
    durationName,
    "How long calls took, by method and protocol; those refused before their turn took nothing.",
    () => all().flatMap((one) => histogramSamples(durationName, bounds, one)),
  );
  return (method, { protocol }, code = 0 as Code, seconds) => {
    let ofMethod = series.get(method);
    if (!ofMethod) series.set(method, (ofMethod = []));
    const found = ofMethod.find(({ labels }) => labels.protocol === protocol) ?? begin(ofMethod, method, protocol);
    found.outcomes[code]! += 1;
    found.places[placeAmong(bounds, seconds)]! += 1;
    found.sum += seconds;
  };
}

function begin(ofMethod: Series[], method: DescMethod | undefined, protocol: Call["protocol"]): Series {
  const made: Series = {
    labels: { method: method?.name ?? "none", protocol },
    outcomes: new Float64Array(Code.Unauthenticated + 1),
    places: new Float64Array(bounds.length + 1),
    sum: 0,
  };
  ofMethod.push(made);
  return made;
}

type Value = MetricValue<string> & { readonly metricName?: string };

const outcomesOf = ({ labels, outcomes }: Series): Value[] =>
  [...outcomes].flatMap((value, code) =>
    value === 0 ? [] : [{ labels: { ...labels, code: code === 0 ? "ok" : Code[code]! }, value }],
  );

/** Shows figures as a metric of the package, which asks its metrics for nothing but this. */
export function show(
  registry: Registry,
  type: Measure["type"],
  name: string,
  help: string,
  values: () => readonly Value[],
): void {
  const get = () => Promise.resolve({ name, help, type, aggregator: "sum", values: values() });
  registry.registerMetric({ name, help, type, get } as unknown as Metric);
}
