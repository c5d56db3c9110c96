import { timestampMs } from "@bufbuild/protobuf/wkt";
import { StatisticsService } from "#gen/ostiary/admin/v1/statistics_service_pb.js";
import type { GetStatisticsRequest } from "#gen/ostiary/admin/v1/statistics_service_pb.js";
import type { Context } from "../../context.ts";
import { countQueue } from "../../courier/count-queue.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { defineService } from "../../server/dispatch.ts";
import { activeSessions } from "../../session/count-active.ts";
import { readGauge } from "../../statistics/gauge.ts";
import { identityTotals } from "../../statistics/identity-totals.ts";
import { countsByPeriod } from "../../statistics/read.ts";
import type { PeriodCount } from "../../statistics/read.ts";
import { presentTime } from "../present-time.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const periods: Readonly<Record<string, { readonly ms: number; readonly mostDays: number }>> = {
  hour: { ms: hourMs, mostDays: 31 },
  day: { ms: dayMs, mostDays: 800 },
};

/** Serves statistics_service.proto. */
export const statisticsService = defineService(StatisticsService, {
  async getStatistics(request, ctx) {
    const window = windowOf(ctx, request);
    const [identities, sessions, messages, counts] = await Promise.all([
      identityTotals(ctx),
      readGauge(ctx, activeSessions),
      countQueue(ctx),
      countsByPeriod(ctx, window),
    ]);
    return {
      identities,
      sessions: sessions && { active: sessions.value, countedAt: presentTime(sessions.countedAt) },
      messages,
      periods: [...Map.groupBy(counts, ({ startsAt }) => startsAt)].map(([startsAt, of]) =>
        presentPeriod(startsAt, of),
      ),
    };
  },
});

function windowOf({ now }: Context, { since, until, period: name }: GetStatisticsRequest) {
  const period = Object.hasOwn(periods, name || "day") ? periods[name || "day"] : undefined;
  if (!period) throw refuse(`The parameter period must be ${Object.keys(periods).join(" or ")}.`);
  const to = until ? timestampMs(until) : now().getTime() + 1;
  const start = since ? timestampMs(since) : to - 7 * dayMs;
  const from = Math.floor(start / period.ms) * period.ms;
  if (from > to) throw refuse("The window ends before it begins.");
  if (to - from > (period.mostDays + 1) * dayMs)
    throw refuse(`A window of periods of a ${name || "day"} is at most ${period.mostDays} days long.`);
  return { from, to, periodMs: period.ms };
}

function presentPeriod(startsAt: number, counts: readonly PeriodCount[]) {
  const of = (subject: string, kind: string) =>
    counts.find((one) => one.subject === subject && one.kind === kind)?.count ?? 0;
  return {
    startsAt: presentTime(new Date(startsAt)),
    attempts: counts
      .filter(({ subject }) => subject !== "identity" && subject !== "message")
      .map(({ subject, kind, count }) => {
        const [outcome = "", method = ""] = kind.split("/");
        return { flow: subject, method, outcome, count };
      }),
    identitiesCreated: of("identity", "created"),
    identitiesDeleted: of("identity", "deleted"),
    messagesSent: of("message", "sent"),
    messagesAbandoned: of("message", "abandoned"),
  };
}

const refuse = (reason: string) => problem(ErrorReason.BAD_REQUEST, { reason });
