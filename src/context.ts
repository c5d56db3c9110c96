import type { JsonObject } from "@bufbuild/protobuf";
import type { Config } from "./config/config.ts";
import type { Connection } from "./db/connection.ts";
import type { Log } from "./log.ts";
import type { Principal } from "./principal.ts";
import type { ClientCertificate } from "./rest/client-certificate.ts";
import type { ReplyHeaders } from "./rest/reply-headers.ts";
import type { RequestHeaders } from "./rest/request-headers.ts";
import type { ServedTenant, Tenant } from "./tenant.ts";

/** What differs from one request to the next, or from a test to production. Never a domain service: those are imported. */
export interface Context {
  /** Whose accounts the call is about. Whatever is read or written is theirs. */
  readonly tenant: Tenant;
  /** What speaks to the database: within a transaction, the transaction. */
  readonly db: Connection;
  /** The configuration as it was when the request came in. */
  readonly config: Config;
  readonly log: Log;
  readonly now: () => Date;
  /** Calls out to other servers. */
  readonly fetch: typeof globalThis.fetch;
  /** Which address is called in the place of another one: a test's own server, for one whose address is fixed. */
  readonly rewriteUrl?: (url: string) => string;
  readonly call: Call;
  /** By which port the call came in; none where nobody has called. */
  readonly port?: "public" | "admin";
  /** Who has called the admin port, if they have said so by a credential. */
  readonly principal?: Principal | undefined;
  /**
   * Does work in a transaction: in a context like this one, by which all that it reads and writes belongs to it. It is done
   * again from the start, up to four times, when other writers got in its way: what it does beside the database must bear
   * that, and what it changes it must have read in there. Within a transaction it is a part of that one.
   */
  tx<Result>(this: Context, work: (tx: Context) => Promise<Result>): Promise<Result>;
}

/** The `tx` of every context. */
export function inTransaction<Result>(this: Context, work: (tx: Context) => Promise<Result>): Promise<Result> {
  return this.db.transaction((db) => work(Object.create(this, { db: { value: db } }) as Context));
}

/** A call as every protocol delivers it. */
export interface Call {
  readonly protocol: "rest" | "connect" | "grpc" | "grpc-web";
  /** Whose accounts it is about: by the host that was called, on the admin port by `x-tenant`. */
  readonly tenant: ServedTenant;
  /** The request's headers; over gRPC, its metadata. */
  readonly headers: RequestHeaders;
  /** The HTTP method; other protocols know POST alone. */
  readonly method: string;
  /** The URL as the client wrote it, absolute. */
  readonly url: string;
  /** The address of this server as the client knows it, with a slash at its end. */
  readonly address: string;
  /** The address of the peer, an IP; empty on a unix socket. */
  readonly peer: string;
  /** The certificate by which the peer is known, where the port asks for one. */
  readonly certificate?: ClientCertificate | undefined;
  /** Whether a browser navigates: it understands redirects, not JSON. */
  readonly isNavigation: boolean;
  /** Whether the client only looks: HEAD, or a browser that fetches ahead what a person may never open. */
  readonly isPrefetch: boolean;
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
