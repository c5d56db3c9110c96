import type { Site } from "./site.ts";

/** An answer of the REST API. */
export interface Reply {
  readonly status: number;
  header(name: string): string | undefined;
  readonly cookies: readonly string[];
  /** The body as text. */
  readonly text: string;
}

/** What is asked of the REST API on behalf of a visitor, whose headers go along. */
export interface Question {
  readonly method?: string;
  /** With the query, from the root of the public API: `sessions/whoami`. */
  readonly path: string;
  /** What differs from the visitor's own headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** A request for a page. */
export interface Visit {
  readonly method: string;
  /** What is asked for below the pages' own address, without the slash that it begins with: `login`. */
  readonly path: string;
  /** The path of the pages for browsers, with a slash at its end; left out where the path at hand lies below it. */
  readonly home?: string;
  readonly query: URLSearchParams;
  readonly site: Site;
  header(name: string): string | undefined;
  ask(question: Question): Promise<Reply>;
  /** What was submitted. */
  body(): Promise<Uint8Array>;
}

/** An answer to a browser. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}
