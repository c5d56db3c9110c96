import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { EventService } from "#gen/ostiary/admin/v1/event_service_pb.js";
import type { WatchEventsResponse } from "#gen/ostiary/admin/v1/event_service_pb.js";
import type { Event } from "#gen/ostiary/event/v1/event_pb.js";
import type { TestServer } from "./server.ts";

/** What a watcher asks for. */
export type Wish = Parameters<ReturnType<typeof eventsOf>["watchEvents"]>[0];

/** The events of a server, over gRPC. */
export const eventsOf = ({ adminUrl }: Pick<TestServer, "adminUrl">, headers: Record<string, string> = {}) =>
  createClient(
    EventService,
    createGrpcTransport({
      baseUrl: adminUrl,
      interceptors: [
        (next) => (request) => {
          for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
          return next(request);
        },
      ],
    }),
  );

/** Somebody who watches, message by message. */
export interface Watcher {
  next(): Promise<WatchEventsResponse>;
  /** The next so many events. */
  events(count: number): Promise<Event[]>;
  /** The last cursor that was told. */
  cursor(): string;
  /** As by a network that breaks. */
  kill(): void;
}

/** Watches the events of a server, and has heard where the stream begins. */
export async function watch(
  server: Pick<TestServer, "adminUrl">,
  wish: Wish = {},
  headers: Record<string, string> = {},
): Promise<Watcher> {
  const broken = new AbortController();
  const stream = eventsOf(server, headers).watchEvents(wish, { signal: broken.signal })[Symbol.asyncIterator]();
  let cursor = "";
  async function next(): Promise<WatchEventsResponse> {
    const { done, value } = await stream.next();
    if (done) throw new Error("the stream has ended without an error");
    cursor = value.cursor;
    return value;
  }
  await next();
  return {
    next,
    async events(count) {
      const found: Event[] = [];
      while (found.length < count) {
        const { event } = await next();
        if (event) found.push(event);
      }
      return found;
    },
    cursor: () => cursor,
    kill: () => broken.abort(),
  };
}
