import type { GetStatisticsResponse, StatisticsPeriod } from "#gen/ostiary/admin_calls.js";
import type { Line } from "../../chart/chart.tsx";

/** A window of time, and in which steps it is shown. */
export interface Window {
  readonly since: string;
  readonly until: string;
  readonly period: "hour" | "day";
}

const hour = 3_600_000;
const day = 24 * hour;

/** The window that ends now and begins so many days ago. */
export function windowOf(days: number, now: number): Window {
  const period = days > 2 ? "day" : "hour";
  const step = period === "day" ? day : hour;
  const count = period === "day" ? days : days * 24;
  const last = Math.floor(now / step) * step;
  return {
    since: new Date(last - (count - 1) * step).toISOString(),
    until: new Date(last + step).toISOString(),
    period,
  };
}

/** What has happened in a window, with a number for each period, also for those in which nothing has. */
export function activityIn({ periods }: GetStatisticsResponse, { since, until, period }: Window) {
  const step = period === "day" ? day : hour;
  const start = Date.parse(since);
  const times = Array.from({ length: (Date.parse(until) - start) / step }, (_, at) => (start + at * step) / 1000);
  const known = new Map(periods.map((one) => [Date.parse(one.starts_at ?? ""), one]));
  const line = (name: string, of: (one: StatisticsPeriod) => number): Line => ({
    name,
    values: times.map((time) => {
      const one = known.get(time * 1000);
      return one ? of(one) : 0;
    }),
  });
  const attempts = (fits: (one: StatisticsPeriod["attempts"][number]) => boolean) => (period: StatisticsPeriod) =>
    period.attempts.filter(fits).reduce((sum, { count }) => sum + count, 0);
  const methods = [
    ...new Set(
      periods.flatMap((one) =>
        one.attempts
          .filter(({ flow, outcome }) => flow === "login" && outcome === "passed")
          .map(({ method }) => method),
      ),
    ),
  ];
  return {
    times,
    signUps: [line("Sign-ups", (one) => one.identities_created), line("Deletions", (one) => one.identities_deleted)],
    signIns: methods.map((name) =>
      line(
        name,
        attempts(({ flow, method, outcome }) => flow === "login" && method === name && outcome === "passed"),
      ),
    ),
    failures: [
      line(
        "Failed",
        attempts(({ outcome }) => outcome === "failed"),
      ),
      line(
        "Slowed down",
        attempts(({ outcome }) => outcome === "throttled"),
      ),
    ],
    messages: [line("Sent", (one) => one.messages_sent), line("Given up", (one) => one.messages_abandoned)],
  };
}
