import { AggregatorRegistry, Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { MetricObjectWithValues, MetricValue } from "prom-client";
import { defineQuery, workerCount } from "../peers.ts";
import type { Reply } from "../peers.ts";
import { measures } from "../measure.ts";
import { countCalls, show } from "./call-figures.ts";
import type { ObserveCall } from "./call-figures.ts";

/** Counts and times the calls, and watches the process. */
export interface Metrics {
  readonly observe: ObserveCall;
  /** Counts what became of an attempt to send a message. */
  observeMail(channel: string, fate: string): void;
  /** Counts what became of an attempt to deliver an event to a subscriber, and how long it took from when the event was taken in. */
  observeDelivery(outcome: string, lagSeconds: number): void;
  /** Shows how much waits to be delivered to subscribers, as it was when somebody last looked. */
  showDeliveries(look: () => QueueFigures): void;
  /** Hears how long somebody has waited who has changed a session or an account. */
  observeWait(seconds: number): void;
  /** Shows a cache of sessions, as it is whenever somebody looks. */
  showSessionCache(look: () => SessionCacheFigures): void;
  /** The figures of all workers of the server together, in the format of Prometheus. */
  text(): Promise<string>;
  /** The same as they are counted. */
  figures(): Promise<readonly Figure[]>;
}

/** A metric with all of its series. */
export interface Figure {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  readonly values: readonly FigureValue[];
}

/** One series of a metric; of a histogram one of its buckets, their sum or their count, by the name of each. */
export interface FigureValue {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly value: number;
}

/** What a cache of sessions comes to. */
export interface SessionCacheFigures {
  /** Since the start. */
  readonly hits: number;
  readonly misses: number;
  readonly invalidations: number;
  /** Now. */
  readonly entries: number;
  readonly bytes: number;
  readonly holdsLease: boolean;
  readonly lagSeconds: number | undefined;
}

/** What waits to be delivered. */
export interface QueueFigures {
  readonly pending: number;
  readonly lagSeconds: number;
  readonly failing: number;
}

type Snapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

const query = defineQuery<Snapshot>("metrics");
const patienceMs = 2000;

const sum = (snapshots: readonly Snapshot[]): Registry => AggregatorRegistry.aggregate(snapshots as never);

/** What has been counted stays counted when a worker ends: to Prometheus a sum that falls would be one that began anew. */
const countsOf = (snapshot: Snapshot = []): Snapshot => snapshot.filter(({ type }) => counted.has(String(type)));
const counted = new Set(["counter", "histogram"]);

const figuresOf = ({ answer, last }: Reply<Snapshot>): Snapshot => answer ?? countsOf(last);

/** Makes the figures of one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const attempts = new Counter({
    name: "ostiary_courier_attempts_total",
    help: "Attempts to send messages, by channel and by what became of the message: sent, queued again or abandoned.",
    labelNames: ["channel", "fate"] as const,
    registers: [registry],
  });
  new Gauge({
    name: "ostiary_workers",
    help: "Processes that serve.",
    aggregator: "sum",
    registers: [registry],
  }).set(1);
  const inherited = countsOf(query.inherited());
  const gather = query.answeredBy(async () => {
    showMeasures(registry);
    const own = (await registry.getMetricsAsJSON()) as unknown as Snapshot;
    return inherited.length ? ((await sum([own, inherited]).getMetricsAsJSON()) as unknown as Snapshot) : own;
  });
  const ofAll = async () =>
    workerCount === 1 ? showMeasures(registry) : sum((await gather(patienceMs)).map(figuresOf));
  return {
    observe: countCalls(registry),
    observeMail: (channel, fate) => attempts.inc({ channel, fate }),
    observeDelivery: deliveriesIn(registry),
    showDeliveries: (look) => showDeliveries(registry, look),
    observeWait: waitsIn(registry),
    showSessionCache: (look) => showSessionCache(registry, look),
    text: async () => (await ofAll()).metrics(),
    figures: async () => (await (await ofAll()).getMetricsAsJSON()) as unknown as Figure[],
  };
}

/** Shows what is measured anywhere in this process: parts that are loaded late define theirs late. */
function showMeasures(registry: Registry): Registry {
  for (const { name, help, type, samples } of measures)
    if (!registry.getSingleMetric(name)) show(registry, type, name, help, samples);
  return registry;
}

function waitsIn(registry: Registry): (seconds: number) => void {
  const waits = new Histogram({
    name: "ostiary_session_cache_wait_seconds",
    help: "How long changes of sessions and accounts have waited until no server could answer from memory with what was.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5],
    registers: [registry],
  });
  return (seconds) => waits.observe(seconds);
}

function deliveriesIn(registry: Registry): (outcome: string, lagSeconds: number) => void {
  const attempts = new Counter({
    name: "ostiary_webhook_deliveries_total",
    help: "Attempts to deliver events to subscribers, by what became of the delivery: delivered, retried, dead or gone.",
    labelNames: ["outcome"] as const,
    registers: [registry],
  });
  const lags = new Histogram({
    name: "ostiary_webhook_delivery_seconds",
    help: "How long it took from when an event was taken in until it was delivered.",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300, 3600, 86_400],
    registers: [registry],
  });
  return (outcome, lagSeconds) => {
    attempts.inc({ outcome });
    if (outcome === "delivered") lags.observe(lagSeconds);
  };
}

function showDeliveries(registry: Registry, look: () => QueueFigures): void {
  const gauges: Record<string, [string, (figures: QueueFigures) => number]> = {
    pending: ["Deliveries to subscribers that wait, of all servers; 10,000 at most.", ({ pending }) => pending],
    lag_seconds: ["How long the oldest of them has waited.", ({ lagSeconds }) => lagSeconds],
    failing: [
      "Subscriptions whose receivers are left alone: they fail whatever they are sent.",
      ({ failing }) => failing,
    ],
  };
  for (const [name, [help, of]] of Object.entries(gauges))
    new Gauge({
      name: `ostiary_webhook_${name}`,
      help,
      aggregator: "max",
      registers: [registry],
      collect() {
        this.set(of(look()));
      },
    });
}

function showSessionCache(registry: Registry, look: () => SessionCacheFigures): void {
  const counts = {
    hits: "Sessions that were answered from memory.",
    misses: "Sessions that the database was asked for, with the cache switched on.",
    invalidations: "What this server has taken in of sessions and accounts that are not as they were.",
  };
  for (const [name, help] of Object.entries(counts))
    new Counter({
      name: `ostiary_session_cache_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(look()[name as keyof typeof counts]);
      },
    });
  const states: Record<string, [string, (figures: SessionCacheFigures) => number]> = {
    entries: ["Sessions in memory.", ({ entries }) => entries],
    bytes: ["How much memory they take, by estimate.", ({ bytes }) => bytes],
    lease: ["Whether this server may answer from memory: 1 while it holds a lease.", ({ holdsLease }) => +holdsLease],
    lag_seconds: [
      "How long ago this server last looked what has changed; NaN where it holds no lease.",
      ({ lagSeconds = Number.NaN }) => lagSeconds,
    ],
  };
  for (const [name, [help, of]] of Object.entries(states))
    new Gauge({
      name: `ostiary_session_cache_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(of(look()));
      },
    });
}
