import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { Event } from "#gen/ostiary/event/v1/event_pb.js";
import { told } from "./admin-client.ts";
import type { Command } from "./command.ts";
import { withEvents } from "./event-client.ts";
import { eventColumns, eventData } from "./event-columns.ts";
import { eventFilterOf, eventFilterOptions, eventSourceOptions, moment } from "./event-options.ts";
import { eventsVerify } from "./events-verify.ts";
import { eventsWatch } from "./events-watch.ts";
import { printerFor } from "./output/print.ts";
import { forTenant } from "./tenant-option.ts";
import { wholeNumber } from "./values.ts";

const usualLimit = 100;

const list: Command = {
  name: "events list",
  summary: "Lists what has happened to accounts and sessions, the newest first.",
  examples: ["ostiary events list --type LoginFailed --since 24h", "ostiary events list --subject <id> --format json"],
  options: [
    ...eventFilterOptions,
    { name: "since", value: "moment", summary: "Only from this moment on: RFC 3339, or how long ago.", read: moment },
    { name: "until", value: "moment", summary: "Only from before this moment.", read: moment },
    { name: "ascending", summary: "The oldest first." },
    {
      name: "limit",
      short: "n",
      value: "number",
      summary: `How many at most. Default: ${usualLimit}.`,
      read: wholeNumber(1),
    },
    ...eventSourceOptions,
  ],
  async run(call) {
    const print = await printerFor(call);
    const { since, until, ascending = false, limit: asked = usualLimit } = call.flags;
    const limit = Number(asked);
    const wish = {
      ...eventFilterOf(call),
      ...(since !== undefined && { since: since as Timestamp }),
      ...(until !== undefined && { until: until as Timestamp }),
      ascending: Boolean(ascending),
    };
    const found: Event[] = [];
    await withEvents(call, async (client) => {
      for (let pageToken = ""; ;) {
        const pageSize = Math.min(500, limit - found.length);
        const page = await told(client.listEvents({ ...wish, pageSize, pageToken }, forTenant(call)));
        found.push(...page.events);
        pageToken = page.nextPageToken;
        if (!pageToken || found.length >= limit) return;
      }
    });
    await print.rows(eventColumns, found, found.map(eventData));
    return 0;
  },
};

/** `ostiary events ...` */
export const eventCommands: readonly Command[] = [list, eventsWatch, eventsVerify];
