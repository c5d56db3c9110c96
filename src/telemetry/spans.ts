import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Context, Span, SpanContext, Tracer } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import type { ActiveSpan, SpanAttributes, SpanOptions } from "../tracing/active-span.ts";
import { errorTypeOf, isFailure } from "./error-type.ts";

const w3c = new W3CTraceContextPropagator();
const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** As many spans are recorded of what one call does: more tell nobody anything, and an import would make a hundred thousand. */
const mostSpans = 1000;

/** What is left of a trace for the spans below the one that came in. */
interface Allowance {
  left: number;
  leftOut: number;
}

/** A span that is recorded, and sent to the receiver once it is over. */
export class RecordedSpan implements ActiveSpan {
  readonly isRecorded = true;
  readonly #tracer: Tracer;
  readonly #context: Context;
  readonly #span: Span;
  readonly #isRoot: boolean;
  readonly #allowance: Allowance;
  #isOver = false;

  /** Begins a span; without an allowance it is the one by which something comes in, and `alone` says that there are none below it. */
  constructor(
    tracer: Tracer,
    name: string,
    { kind = "internal", attributes = {} }: SpanOptions,
    below: { readonly parent: Context; readonly allowance?: Allowance; readonly alone?: boolean },
  ) {
    this.#tracer = tracer;
    this.#span = tracer.startSpan(name, { kind: kinds[kind], attributes: attributes as Attributes }, below.parent);
    this.#context = trace.setSpan(ROOT_CONTEXT, this.#span);
    this.#isRoot = !below.allowance;
    this.#allowance = below.allowance ?? { left: below.alone ? 0 : mostSpans, leftOut: 0 };
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get spanId(): string {
    return this.#span.spanContext().spanId;
  }

  child(name: string, options: SpanOptions): RecordedSpan | undefined {
    if (this.#isOver) return undefined;
    if (this.#allowance.left === 0) {
      this.#allowance.leftOut++;
      return undefined;
    }
    this.#allowance.left--;
    return new RecordedSpan(this.#tracer, name, options, { parent: this.#context, allowance: this.#allowance });
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes as Attributes);
  }

  event(name: string, attributes: SpanAttributes): void {
    this.#span.addEvent(name, attributes as Attributes);
  }

  end(error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (error !== undefined) {
      this.#span.setAttribute("error.type", errorTypeOf(error));
      if (isFailure(error)) this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    if (this.#isRoot && this.#allowance.leftOut > 0)
      this.#span.setAttribute("ostiary.spans_left_out", this.#allowance.leftOut);
    this.#span.end();
  }

  headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    w3c.inject(this.#context, headers, { set: (carrier, name, value) => void (carrier[name] = value) });
    return headers;
  }
}

/** A random number, of so many hexadecimal digits. Ids of traces are no secrets, and have to be cheap. */
function drawId(digits: number): string {
  let id = "";
  while (id.length < digits) id += ((Math.random() * 2 ** 32) >>> 0).toString(16).padStart(8, "0");
  return id;
}

/** A span of a trace that is not recorded: other servers are told so, and log lines name the trace. Its ids are made when asked for. */
export class UnrecordedSpan implements ActiveSpan {
  readonly isRecorded = false;
  readonly #parent: SpanContext | undefined;
  #traceId: string | undefined;
  #spanId: string | undefined;

  constructor(parent?: SpanContext) {
    this.#parent = parent;
  }

  get traceId(): string {
    return (this.#traceId ??= this.#parent?.traceId ?? drawId(32));
  }

  get spanId(): string {
    return (this.#spanId ??= drawId(16));
  }

  child(): undefined {}

  set(): void {}

  event(): void {}

  end(): void {}

  headers(): Readonly<Record<string, string>> {
    const state = this.#parent?.traceState?.serialize();
    return {
      traceparent: `00-${this.traceId}-${this.spanId}-00`,
      ...(state && { tracestate: state }),
    };
  }
}
