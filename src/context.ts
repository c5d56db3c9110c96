import type { JsonObject } from "@bufbuild/protobuf";
import type { EntityManager } from "@mikro-orm/core";
import type { Config } from "./config/config.ts";
import type { Database } from "./db/database.ts";
import type { Log } from "./log.ts";
import type { ReplyHeaders } from "./rest/reply-headers.ts";
import type { RequestHeaders } from "./rest/request-headers.ts";

/** What differs from one request to the next, or from a test to production. Never a domain service: those are imported. */
export interface Context {
  /** This request's unit of work; forked when it is first asked for. */
  readonly em: EntityManager;
  /** The prepared reads of the hot paths. */
  readonly db: Database;
  /** The configuration as it was when the request came in. */
  readonly config: Config;
  readonly log: Log;
  readonly now: () => Date;
  /** Calls out to other servers. */
  readonly fetch: typeof globalThis.fetch;
  readonly call: Call;
}

/** A call as every protocol delivers it. */
export interface Call {
  readonly protocol: "rest" | "connect" | "grpc" | "grpc-web";
  /** The request's headers; over gRPC, its metadata. */
  readonly headers: RequestHeaders;
  /** The HTTP method; other protocols know POST alone. */
  readonly method: string;
  /** The URL as the client wrote it, absolute. */
  readonly url: string;
  /** The address of the peer, an IP; empty on a unix socket. */
  readonly peer: string;
  /** Whether a browser navigates: it understands redirects, not JSON. */
  readonly navigates: boolean;
  /** Whether the client only looks: HEAD, or a browser that fetches ahead what a person may never open. */
  readonly peeks: boolean;
  /** The values of the body that came by dotted names, as those of a form: their types are the schema's. Each by its way in. */
  readonly texts: readonly (readonly string[])[];
  /** Why the body of a submission could not be read. A flow answers it with the form, everything else with an error. */
  readonly malformed?: string;
  /** What a submission says beside its common fields, where it neither names a method nor presses a method's button. */
  readonly unnamed?: JsonObject;
  /** How long the client waits for the answer, in milliseconds, where it says. */
  readonly timeoutMs?: number;
  readonly reply: Reply;
}

/** What a handler says beside its message. Of status, location and redirect REST alone knows. */
export interface Reply {
  readonly headers: ReplyHeaders;
  /** Where the resource is that was made, or that an answer of 3xx refers to. */
  location?: string;
  /** The HTTP status over REST, where it differs from the contract's. */
  status?: number;
  /** Where a navigating browser goes next (303). */
  redirect?: string;
}
