import type { Client } from "@connectrpc/connect";
import { EventService } from "#gen/ostiary/admin/v1/event_service_pb.js";
import { adminClient } from "./admin-client.ts";
import type { CommandCall } from "./command.ts";
import { isLocal } from "./is-local.ts";

/** Asks for events. */
export type EventClient = Client<typeof EventService>;

/** Does work with who can be asked for events: a server, or the database of a configuration. */
export async function withEvents<T>(call: CommandCall, work: (client: EventClient) => Promise<T>): Promise<T> {
  if (!isLocal(call)) return work(await adminClient(call, EventService));
  const [{ onDatabase }, { localClient }, { eventService }] = await Promise.all([
    import("./local-server.ts"),
    import("./local-client.ts"),
    import("../api/admin/event-service.ts"),
  ]);
  const neverLeaving = new AbortController().signal;
  return onDatabase(call, (ctx) => work(localClient(EventService, eventService(neverLeaving), ctx)));
}
