import { AsyncLocalStorage } from "node:async_hooks";

/** What is said of a span: never a secret, and nothing that a person has typed. What is undefined is left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a span is to its trace: work within the process, a call that came in or goes out, a message that is sent or received. */
export type SpanKind = "internal" | "server" | "client" | "producer" | "consumer";

/** What is known of a span as it begins. */
export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
}

/** A span that is open: work that belongs to a trace, whether that is recorded or not. */
export interface ActiveSpan {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits. Of a trace that is not recorded it stands for all of this process. */
  readonly spanId: string;
  /** Whether what is said of it is kept. */
  readonly isRecorded: boolean;
  /** Begins a span below it; undefined where none is recorded: it is over, or its trace has as many as one may have. */
  child(name: string, options: SpanOptions): ActiveSpan | undefined;
  set(attributes: SpanAttributes): void;
  /** Notes that something has happened. */
  event(name: string, attributes: SpanAttributes): void;
  /** Ends it, with what was thrown in it if anything was. */
  end(error?: unknown): void;
  /** The headers by which another server is told of it, in lower case (W3C Trace Context). */
  headers(): Readonly<Record<string, string>>;
}

const active = new AsyncLocalStorage<ActiveSpan | undefined>();

/** The span that the running work is a part of; undefined where nothing is traced. */
export const activeSpan = (): ActiveSpan | undefined => active.getStore();

/** Does work as a part of a span, which stays open. */
export const withinSpan = <T>(span: ActiveSpan, work: () => T): T => active.run(span, work);

/** Does work that belongs to no trace: what a request only happened to start, and what goes on without it. */
export const outsideOfTraces = <T>(work: () => T): T => active.run(undefined, work);

/**
 * Does work in a span of its own, below the one that it is a part of. Where that is not recorded, it is only done.
 *
 * @example
 * const answer = await traced("key set", { kind: "client" }, () => download(url));
 */
export function traced<T>(name: string, options: SpanOptions, work: (span?: ActiveSpan) => Promise<T>): Promise<T> {
  const span = active.getStore()?.child(name, options);
  return span ? active.run(span, ending, span, work) : work();
}

async function ending<T>(span: ActiveSpan, work: (span: ActiveSpan) => Promise<T>): Promise<T> {
  try {
    const result = await work(span);
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** Does work as a part of a span that was begun for it alone, and ends the span with it. */
export const throughout = <T>(span: ActiveSpan, work: (span: ActiveSpan) => Promise<T>): Promise<T> =>
  active.run(span, ending, span, work);

/** Does work that waits for nothing in a span of its own. */
export function tracedNow<T>(name: string, options: SpanOptions, work: () => T): T {
  const span = active.getStore()?.child(name, options);
  if (!span) return work();
  try {
    const result = work();
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** Notes in the running span that something has happened, as long as anybody records it. */
export function noteEvent(name: string, attributes: () => SpanAttributes): void {
  const span = active.getStore();
  if (span?.isRecorded) span.event(name, attributes());
}
