import type { Answered } from "../rest/gateway.ts";
import { defineCounter, defineHistogram } from "../measure.ts";

const labelNames = ["code", "method", "endpoint"];
const requests = defineCounter(
  "http_requests_total",
  "Requests over REST, by status, method and route; Kratos has this name.",
  labelNames,
);
const durations = defineHistogram(
  "http_requests_duration_seconds",
  "How long they took until their answer was written, by status, method and route; Kratos has this name.",
  { bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10], labelNames },
);
const statuses = defineCounter(
  "http_requests_statuses_total",
  "Requests over REST, by method and kind of status; Kratos has this name.",
  ["method", "status_bucket"],
);

const known = new Set(["GET", "PUT", "HEAD", "POST", "DELETE", "OPTIONS", "PATCH"]);
/** By route, method and status: to make labels of them for each request would cost more than to count it. */
const labels = new Map<string, Map<string, Map<number, Labels>>>();

interface Labels {
  readonly whole: readonly [code: string, method: string, endpoint: string];
  readonly short: readonly [method: string, statusBucket: string];
}

/** Counts an answered request by the names that Kratos has. */
export function countRequest({ method = "", route = "", status, seconds }: Answered): void {
  const { whole, short } = labelsOf(route, known.has(method) ? method : "unknown", status);
  requests(whole);
  durations(seconds, whole);
  statuses(short);
}

function labelsOf(route: string, method: string, status: number): Labels {
  const ofRoute = labels.get(route) ?? setIn(labels, route, new Map<string, Map<number, Labels>>());
  const ofMethod = ofRoute.get(method) ?? setIn(ofRoute, method, new Map<number, Labels>());
  return ofMethod.get(status) ?? setIn(ofMethod, status, makeLabels(route, method.toLowerCase(), status));
}

function setIn<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): Value {
  map.set(key, value);
  return value;
}

/** Kratos calls all parameters of a path alike, and methods in lower case. */
const makeLabels = (route: string, method: string, status: number): Labels => ({
  whole: [String(status), method, route.replaceAll(/\{[^}]*\}/g, "{param}")],
  short: [method, `${Math.floor(status / 100)}xx`],
});
