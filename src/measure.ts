/** One series of a measure; of a histogram one of its buckets, their sum or their count, by the name of each. */
export interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** What a process counts as it happens, or can tell of itself when it is asked. Of several workers the sum is told. */
export interface Measure {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  samples(): Sample[];
}

/** Everything that this process measures, in the order in which it was defined. */
export const measures: readonly Measure[] = [];

const define = (measure: Measure): void => void (measures as Measure[]).push(measure);

/** Counts something under the values of its labels, of which there are few: never what a client has written. */
export type Count = (values: readonly string[], by?: number) => void;

/** Defines a counter; a process has one of a name. */
export function defineCounter(name: string, help: string, labelNames: readonly string[] = []): Count {
  const series = new Map<string, { readonly labels: Record<string, string>; value: number }>();
  // What cannot be told apart is there from the beginning: a series that comes to be with its first count shows no increase.
  if (labelNames.length === 0) series.set("", { labels: {}, value: 0 });
  define({ name, help, type: "counter", samples: () => [...series.values()].map((one) => ({ ...one })) });
  const seriesOf = remembersLast((values) => {
    const key = values.join("\0");
    let one = series.get(key);
    if (!one) series.set(key, (one = { labels: labelled(labelNames, values), value: 0 }));
    return one;
  });
  return (values, by = 1) => {
    seriesOf(values).value += by;
  };
}

const none: readonly string[] = [];

/** Most is asked again of what was asked last: a caller that keeps its values saves the making of a key. */
function remembersLast<Series>(find: (values: readonly string[]) => Series): (values: readonly string[]) => Series {
  let last: readonly string[] | undefined;
  let found: Series;
  return (values) => {
    if (values !== last) {
      found = find(values);
      last = values;
    }
    return found;
  };
}

const labelled = (names: readonly string[], values: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name, at) => [name, values[at]!]));

/** Defines a gauge that is read when somebody asks. */
export const defineGauge = (name: string, help: string, read: () => number): void =>
  define({ name, help, type: "gauge", samples: () => [{ labels: {}, value: read() }] });

/** Notes how long something took, in seconds, under the values of its labels. */
export type Observe = (seconds: number, values?: readonly string[]) => void;

/** What a histogram is made of. */
export interface HistogramShape {
  /** The bounds of its buckets, in seconds, from the lowest. */
  readonly bounds: readonly number[];
  readonly labelNames?: readonly string[];
}

interface Durations {
  readonly labels: Readonly<Record<string, string>>;
  /** How many took as long as a bound, and longer than the one before; at the end, those beyond all bounds. */
  readonly places: Float64Array;
  sum: number;
}

/** Defines a histogram of durations; a process has one of a name. */
export function defineHistogram(name: string, help: string, { bounds, labelNames = [] }: HistogramShape): Observe {
  const series = new Map<string, Durations>();
  const samples = () => [...series.values()].flatMap((one) => histogramSamples(name, bounds, one));
  define({ name, help, type: "histogram", samples });
  const seriesOf = remembersLast((values) => {
    const key = values.join("\0");
    let one = series.get(key);
    if (!one) {
      one = { labels: labelled(labelNames, values), places: new Float64Array(bounds.length + 1), sum: 0 };
      series.set(key, one);
    }
    return one;
  });
  return (seconds, values = none) => {
    const one = seriesOf(values);
    one.places[placeAmong(bounds, seconds)]! += 1;
    one.sum += seconds;
  };
}

/** The place of a value among the bounds of buckets; behind all of them, as many as there are. */
export function placeAmong(bounds: readonly number[], value: number): number {
  let place = 0;
  while (place < bounds.length && value > bounds[place]!) place++;
  return place;
}

/** A histogram as Prometheus has it, where each bucket counts what is in those below it as well. */
export function histogramSamples(
  name: string,
  bounds: readonly number[],
  { labels, places, sum }: Durations,
): Sample[] {
  let count = 0;
  const buckets = [...places].map((ofBucket, place) => ({
    metricName: `${name}_bucket`,
    labels: { le: bounds[place] ?? "+Inf", ...labels },
    value: (count += ofBucket),
  }));
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
