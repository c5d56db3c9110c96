import { ROOT_CONTEXT, trace, TraceFlags } from "@opentelemetry/api";
import type { Context, Tracer as SdkTracer, TextMapGetter } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { B3Propagator } from "@opentelemetry/propagator-b3";
import type { ActiveSpan } from "../tracing/active-span.ts";
import type { Arrival, TraceCarrier, Tracer } from "../tracing/tracer.ts";
import { RecordedSpan, UnrecordedSpan } from "./spans.ts";

const w3c = new W3CTraceContextPropagator();
const b3 = new B3Propagator();
const getter: TextMapGetter<TraceCarrier> = {
  keys: () => [],
  get: (carrier, name) => carrier.get(name) ?? undefined,
};

/** The trace that headers speak of: by W3C Trace Context, else by B3 in one header or in several. The root where they speak of none. */
function parentIn(carrier: TraceCarrier): Context {
  if (carrier.get("traceparent") !== null) return w3c.extract(ROOT_CONTEXT, carrier, getter);
  if (carrier.get("b3") !== null || carrier.get("x-b3-traceid") !== null)
    return b3.extract(ROOT_CONTEXT, carrier, getter);
  return ROOT_CONTEXT;
}

/** What decides whether a trace is recorded. */
export interface Sampling {
  /** So many of those that begin here, from 0 to 1. */
  readonly ratio: number;
  /** Whether one more is recorded because a stranger asks for it. */
  mayAsk(): boolean;
}

/** Makes what begins the spans of all that comes in. */
export function createTracer(sdk: SdkTracer, { ratio, mayAsk }: Sampling): Tracer {
  const drawn = (carrier: TraceCarrier) => Math.random() < ratio && !declines(carrier);
  return {
    begin(arrival) {
      const { carrier, trusted, alone = false } = arrival;
      if (arrival.parent) return below(arrival.parent, arrival);
      const parent = parentIn(carrier);
      const said = trace.getSpanContext(parent);
      // Whoever has decided before is followed: half a trace would be worth nothing.
      const asked = said && (said.traceFlags & TraceFlags.SAMPLED) !== 0;
      const records = said ? asked && (trusted || mayAsk() || drawn(carrier)) : drawn(carrier);
      if (!records) return new UnrecordedSpan(said);
      const { name, ...options } = arrival.describe();
      return new RecordedSpan(sdk, name, options, { parent, alone });
    },
  };
}

/** What B3 says without naming a trace: that none is to be recorded. */
const declines = (carrier: TraceCarrier): boolean =>
  carrier.get("b3") === "0" || (carrier.get("x-b3-sampled") === "0" && carrier.get("x-b3-traceid") === null);

function below(parent: ActiveSpan, { describe }: Arrival): ActiveSpan {
  if (parent.isRecorded) {
    const { name, ...options } = describe();
    const child = parent.child(name, options);
    if (child) return child;
  }
  return new UnrecordedSpan({ traceId: parent.traceId, spanId: parent.spanId, traceFlags: TraceFlags.NONE });
}
