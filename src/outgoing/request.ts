import { request as requestHttp } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import type { ClientsConfig } from "../config/outgoing-config.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { headersOfTrace, tracedCall } from "./trace-call.ts";
import { guardedLookup, mayBePrivate, refusePrivateHost } from "./guard.ts";

/** A call to another server. */
export interface OutgoingCall {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How long a call may take, what may come back, and where it may go. */
export interface CallLimits {
  readonly timeoutMs: number;
  readonly mostBytes: number;
  readonly clients: Pick<ClientsConfig, "http">;
  readonly signal?: AbortSignal;
  /** Whether the status alone is waited for: what else comes back is nobody's business, nor that it comes slowly. */
  readonly statusAlone?: boolean;
  /** Where connections are kept for the next call; without it each call has its own. Only for calls that may be made twice. */
  readonly connections?: ConnectionPool;
}

/** A server that did not answer in time. */
export class CallTimedOut extends Error {
  override readonly name = "CallTimedOut";
}

/** A connection from a pool that the other server had ended before it could be used. */
class ConnectionEnded extends Error {
  override readonly name = "ConnectionEnded";
}

/** What a server answered. */
export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/**
 * Calls another server. Redirects are answers like others: whoever may be called is decided by the address that was
 * configured, and by the addresses that its name has at the moment of connecting.
 */
export async function callOut(call: OutgoingCall, limits: CallLimits): Promise<OutgoingAnswer> {
  const url = new URL(call.url);
  return tracedCall(call.method ?? "GET", url, async (span) => {
    const answer = await send(url, { ...call, headers: { ...headersOfTrace(), ...call.headers } }, limits);
    span?.set({ "http.response.status_code": answer.status });
    return answer;
  });
}

async function send(
  url: URL,
  call: OutgoingCall,
  { timeoutMs, mostBytes, clients, signal, statusAlone = false, connections }: CallLimits,
): Promise<OutgoingAnswer> {
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError(`${url.protocol}// cannot be called.`);
  const guarded = !mayBePrivate(url, clients.http);
  if (guarded) refusePrivateHost(url.hostname);
  const deadline = AbortSignal.timeout(timeoutMs);
  const options: RequestOptions = {
    method: call.method ?? "GET",
    headers: {
      ...call.headers,
      ...(call.body !== undefined && { "content-length": String(Buffer.byteLength(call.body)) }),
    },
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    agent: connections?.agentFor(url.protocol, guarded) ?? false,
    ...(guarded && { lookup: guardedLookup }),
  };
  const exchanged = { body: call.body, mostBytes, statusAlone };
  const again = (error: unknown) => {
    if (error instanceof ConnectionEnded) return exchange(url, { ...options, agent: false }, exchanged);
    throw error;
  };
  return exchange(url, options, exchanged)
    .catch(again)
    .catch((error: unknown) => {
      throw deadline.aborted
        ? new CallTimedOut(`${url.host} did not answer within ${timeoutMs} ms.`, { cause: error })
        : error;
    });
}

/** What is sent, and what is taken in of the answer. */
interface Exchanged {
  readonly body: string | undefined;
  readonly mostBytes: number;
  readonly statusAlone: boolean;
}

function exchange(
  url: URL,
  options: RequestOptions,
  { body, mostBytes, statusAlone }: Exchanged,
): Promise<OutgoingAnswer> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options, (response) => {
      const { statusCode, headers } = response;
      const answer = (bytes: Buffer) => resolve({ status: statusCode!, headers, body: bytes });
      if (statusAlone) answer(Buffer.alloc(0));
      readBounded(response, mostBytes).then(answer, reject);
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      const ended = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      reject(ended ? new ConnectionEnded("The connection was ended.", { cause: error }) : error);
    });
    request.end(body);
  });
}

async function readBounded(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) {
      response.destroy();
      throw new Error(`The answer is longer than ${mostBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
