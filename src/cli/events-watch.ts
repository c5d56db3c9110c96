import { setTimeout as pause } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Event } from "#gen/ostiary/event/v1/event_pb.js";
import { told } from "./admin-client.ts";
import type { Command, CommandCall } from "./command.ts";
import { withEvents } from "./event-client.ts";
import type { EventClient } from "./event-client.ts";
import { eventColumns, eventData } from "./event-columns.ts";
import { eventFilterOf, eventFilterOptions, eventSourceOptions } from "./event-options.ts";
import { formatOf } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import type { Printer } from "./output/print.ts";
import { lineOf } from "./output/table.ts";
import { forTenant } from "./tenant-option.ts";
import { untilStopped } from "./until-stopped.ts";

/** `ostiary events watch` */
export const eventsWatch: Command = {
  name: "events watch",
  summary: "Prints events as they happen, each once and in order, until it is stopped.",
  details: [
    "With --format json there is an event in each line; its cursor says where to go on. Where the server restarts, the command goes on by itself.",
  ],
  examples: ["ostiary events watch --type LoginFailed", "ostiary events watch --after <cursor> --format json"],
  options: [
    { name: "after", value: "cursor", summary: "Goes on behind this cursor. Default: with what happens from now on." },
    { name: "from-beginning", summary: "Begins with the oldest event that is kept." },
    ...eventFilterOptions,
    ...eventSourceOptions,
  ],
  async run(call) {
    const print = lineByLine(call, await printerFor(call));
    const stop = new AbortController();
    void untilStopped().then(() => stop.abort());
    await withEvents(call, (client) => follow(call, client, print, stop.signal));
    return 0;
  },
};

const againAfterMs = 1000;

async function follow(
  call: CommandCall,
  client: EventClient,
  print: (event: Event) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const wish = { ...eventFilterOf(call), fromBeginning: Boolean(call.flags["from-beginning"]) };
  let after = String(call.flags.after ?? "");
  let hasBegun = false;
  while (!signal.aborted) {
    try {
      // A stream has no end of its own.
      const options = { ...forTenant(call), signal, timeoutMs: 0 };
      for await (const { event, cursor } of client.watchEvents({ ...wish, after }, options)) {
        if (event) await print(event);
        after = cursor;
        hasBegun = true;
      }
    } catch (error) {
      if (signal.aborted) return;
      // Where nobody could be reached to begin with, the address may be wrong.
      if (!hasBegun || ConnectError.from(error).code !== Code.Unavailable) await told(Promise.reject(error as Error));
      await pause(againAfterMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Prints an event as one line of a table, or as data. */
function lineByLine(call: CommandCall, printer: Printer): (event: Event) => Promise<void> {
  if (formatOf(call).kind === "quiet") return (event) => printer.row(eventColumns, event);
  const { ID: _, ...columns } = eventColumns;
  return (event) => printer.words(() => call.out(lineOf(columns, event)), eventData(event));
}
