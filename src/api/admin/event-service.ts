import { timestampMs } from "@bufbuild/protobuf/wkt";
import { EventService } from "#gen/ostiary/admin/v1/event_service_pb.js";
import type { Context } from "../../context.ts";
import { openPage, sealPage } from "../../crypto/page-token.ts";
import { isUuid } from "../../db/id.ts";
import { keysetLink } from "../../db/pages.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { Checkpoint } from "../../events/chain.ts";
import { cursorAt, sequenceAt } from "../../events/cursor.ts";
import { eventById, listEvents } from "../../events/list.ts";
import { numberEvents } from "../../events/numbering.ts";
import { readChain } from "../../events/read-chain.ts";
import { lastGiven, lastRemoved } from "../../events/read.ts";
import { watchEvents } from "../../events/watch.ts";
import { defineService } from "../../server/dispatch.ts";
import type { Service } from "../../server/dispatch.ts";
import { readEventFilter } from "./event-filter.ts";
import { presentRecordedEvent } from "./present-recorded-event.ts";

const usualSize = 100;
const largestSize = 500;
const largestChainPage = 1000;

/** How many events are numbered before a watch begins, so that "from now on" begins behind what there is. */
const mostBefore = 1024;
/** Where there are more, they are passed over by their age: by this much clocks may differ, and transactions take. */
const slackMs = 60_000;

/** Serves event_service.proto; those who watch go on elsewhere as soon as the server is about to go. */
export const eventService = (leaving: AbortSignal): Service =>
  defineService(EventService, {
    async listEvents({ pageSize, pageToken, since, until, ascending, ...asked }, ctx) {
      const filter = readEventFilter(asked);
      const limit = pageSize < 1 ? usualSize : Math.min(pageSize, largestSize);
      const behind = pageToken ? readToken(ctx, pageToken, ascending) : "";
      // What has just happened is to have its number, by which a watcher goes on.
      await numberEvents(ctx, limit);
      const { found, next } = await listEvents(ctx, {
        filter,
        since: since && timestampMs(since),
        until: until && timestampMs(until),
        ascending,
        behind,
        limit,
      });
      const token = next === undefined ? "" : writeToken(ctx, next, ascending);
      const first = writeToken(ctx, "", ascending);
      ctx.call.reply.headers.set("link", keysetLink(ctx.call.url, { size: limit, first, next: token }));
      return { events: found.map((event) => presentRecordedEvent(event, ctx.tenant)), nextPageToken: token };
    },

    async getEvent({ id }, ctx) {
      const event = isUuid(id) ? await eventById(ctx, id.toLowerCase()) : undefined;
      if (!event) throw problem(ErrorReason.NOT_FOUND);
      return { event: presentRecordedEvent(event, ctx.tenant) };
    },

    async listChainEntries({ after, pageSize }, ctx) {
      const limit = pageSize < 1 ? usualSize : Math.min(pageSize, largestChainPage);
      await numberEvents(ctx, mostBefore);
      const { entries, base, head } = await readChain(ctx, { after: Number(after), limit });
      return { entries: entries.map(presentEntry), base: presentEntry(base), head: presentEntry(head) };
    },

    async *watchEvents({ after, fromBeginning, ...asked }, ctx, gone) {
      const filter = readEventFilter(asked);
      const until = AbortSignal.any([gone, leaving]);
      const begin = await beginningOf(ctx, after, fromBeginning);
      const since = after || fromBeginning ? undefined : new Date(ctx.now().getTime() - slackMs);
      for await (const { sequence, event } of watchEvents(ctx, { filter, after: begin, since, now: ctx.now, until }))
        yield {
          cursor: cursorAt(ctx.tenant, sequence),
          ...(event && { event: presentRecordedEvent(event, ctx.tenant) }),
        };
      if (!gone.aborted) throw problem(ErrorReason.SHUTTING_DOWN);
    },
  });

const presentEntry = <T extends Checkpoint>({ sequence, ...rest }: T) => ({ ...rest, sequence: BigInt(sequence) });

/** The number after which a watch begins. Fails with BAD_REQUEST for a cursor that is none of this tenant's, with EVENTS_EXPIRED for one that is too old. */
async function beginningOf(ctx: Context, cursor: string, fromBeginning: boolean): Promise<number> {
  if (!cursor && fromBeginning) return lastRemoved(ctx);
  if (!cursor) {
    await numberEvents(ctx, mostBefore);
    return lastGiven(ctx);
  }
  const after = sequenceAt(ctx.tenant, cursor);
  if (after === undefined || after > (await lastGiven(ctx)))
    throw problem(ErrorReason.BAD_REQUEST, { message: "The cursor is not one of this tenant's events." });
  if (after < (await lastRemoved(ctx))) throw problem(ErrorReason.EVENTS_EXPIRED);
  return after;
}

const writeToken = ({ config, now }: Context, behind: string, ascending: boolean): string =>
  sealPage({ behind, ascending }, config.secrets, now().getTime());

function readToken({ config, now }: Context, token: string, ascending: boolean): string {
  const page = openPage(token, config.secrets, now().getTime());
  const behind = page?.["behind"];
  if (typeof behind !== "string" || page?.["ascending"] !== ascending || (behind && !isUuid(behind)))
    throw problem(ErrorReason.BAD_REQUEST, {
      message: "The page token is invalid, older than an hour, or one of a list in the other order.",
    });
  return behind;
}
