import type { ActiveSpan, SpanOptions } from "./active-span.ts";

/** Where the headers of a request are read, or what is kept of them with a message. */
export interface TraceCarrier {
  get(name: string): string | null;
}

/** Work that comes into this process: a call, or a message that is delivered. */
export interface Arrival {
  /** What says which trace it belongs to. Without a word of that it begins one. */
  readonly carrier: TraceCarrier;
  /** The span that it is a part of, where it came from within this process. Then headers do not matter. */
  readonly parent?: ActiveSpan | undefined;
  /** Whether its word counts that its trace is to be recorded; a stranger's counts so often and no more. */
  readonly trusted: boolean;
  /** Whether nothing below it is recorded: what goes on for hours would become a trace without an end. */
  readonly alone?: boolean;
  /** What it is called, and what is known of it. Asked only where it is recorded. */
  describe(): SpanOptions & { readonly name: string };
}

/** Begins the spans of what comes into this process. Spans below them are made by themselves (`traced`). */
export interface Tracer {
  begin(arrival: Arrival): ActiveSpan;
}
