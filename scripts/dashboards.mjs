// Makes deploy/grafana/*.json: dashboards for Grafana 10 and later, over a data source of Prometheus' that is asked for when they are imported.
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = join(resolve(import.meta.dirname, ".."), "deploy/grafana");

const rate = (metric, by, where = "") => `sum by (${by}) (rate(${metric}{job=~"$job"${where}}[$__rate_interval]))`;
const quantile = (q, metric, by = "", where = "") =>
  `histogram_quantile(${q}, sum by (${[by, "le"].filter(Boolean).join(", ")}) (rate(${metric}_bucket{job=~"$job"${where}}[$__rate_interval])))`;
const percentiles = (metric, where = "") =>
  [0.5, 0.9, 0.99].map((q) => [quantile(q, metric, "", where), `p${q * 100}`]);
const of = (metric, by = "instance") => [[`max by (${by}) (${metric}{job=~"$job"})`, `{{${by}}}`]];

/** A panel: its title, unit, and what it draws, each an expression and its legend. */
const panel = (title, unit, ...targets) => ({ title, unit, targets });

const dashboards = {
  overview: {
    title: "Ostiary: overview",
    panels: [
      panel("Calls by protocol", "reqps", [rate("ostiary_calls_total", "protocol"), "{{protocol}}"]),
      panel("Failures by method", "reqps", [
        rate("ostiary_calls_total", "method, code", ',code=~"Internal|Unavailable|Unknown|DataLoss"'),
        "{{method}} {{code}}",
      ]),
      panel("Duration of calls", "s", ...percentiles("ostiary_call_duration_seconds")),
      panel("Slowest methods (p99)", "s", [
        `topk(10, ${quantile(0.99, "ostiary_call_duration_seconds", "method")})`,
        "{{method}}",
      ]),
      panel("Requests over REST by status", "reqps", [rate("http_requests_total", "code"), "{{code}}"]),
      panel("Refused before they began", "reqps", [rate("ostiary_requests_refused_total", "reason"), "{{reason}}"]),
      panel("Processes that serve", "none", ...of("ostiary_workers")),
      panel("CPU", "none", [rate("process_cpu_seconds_total", "instance"), "{{instance}}"]),
      panel("Memory", "bytes", ...of("process_resident_memory_bytes")),
      panel("Event loop (p99)", "s", ...of("nodejs_eventloop_lag_p99_seconds")),
    ],
  },
  "sign-in": {
    title: "Ostiary: sign-in and sessions",
    panels: [
      panel("Login flows begun", "reqps", [
        rate("ostiary_calls_total", "method", ',method=~"Create(Browser|Native)LoginFlow"'),
        "{{method}}",
      ]),
      panel("Logins by outcome", "reqps", [
        rate("ostiary_calls_total", "code", ',method="UpdateLoginFlow"'),
        "{{code}}",
      ]),
      panel("Registrations by outcome", "reqps", [
        rate("ostiary_calls_total", "code", ',method="UpdateRegistrationFlow"'),
        "{{code}}",
      ]),
      panel("Recovery and verification by outcome", "reqps", [
        rate("ostiary_calls_total", "method, code", ',method=~"Update(Recovery|Verification)Flow"'),
        "{{method}} {{code}}",
      ]),
      panel("Session checks by outcome", "reqps", [
        rate("ostiary_calls_total", "code", ',method="ToSession"'),
        "{{code}}",
      ]),
      panel("Duration of session checks", "s", ...percentiles("ostiary_call_duration_seconds", ',method="ToSession"')),
      panel("Answered from memory", "percentunit", [
        `${rate("ostiary_session_cache_hits_total", "job")} / (${rate("ostiary_session_cache_hits_total", "job")} + ${rate("ostiary_session_cache_misses_total", "job")})`,
        "{{job}}",
      ]),
      panel("Sessions in memory", "none", ...of("ostiary_session_cache_entries")),
      panel(
        "Lease, and how far behind it is",
        "s",
        ...of("ostiary_session_cache_lease"),
        ...of("ostiary_session_cache_lag_seconds"),
      ),
      panel("Changes that wait for other servers", "s", ...percentiles("ostiary_session_cache_wait_seconds")),
      panel("Passwords: waiting for a turn", "s", ...percentiles("ostiary_hash_wait_seconds")),
      panel("Passwords: hashing", "s", ...percentiles("ostiary_hash_duration_seconds")),
      panel("Hashes under way and in line", "none", ...of("ostiary_hash_running"), ...of("ostiary_hash_waiting")),
      panel("Refused by throttles", "reqps", [
        rate("ostiary_throttle_total", "rule", ',outcome="refused"'),
        "{{rule}}",
      ]),
    ],
  },
  operation: {
    title: "Ostiary: database, messages, events",
    panels: [
      panel(
        "Connections in use",
        "none",
        ...of("ostiary_database_connections_in_use"),
        ...of("ostiary_database_connections_max"),
      ),
      panel("Writes that wait for a connection", "none", ...of("ostiary_database_waiting")),
      panel("Waiting for a connection", "s", ...percentiles("ostiary_database_acquire_seconds")),
      panel("Messages by fate", "reqps", [
        rate("ostiary_courier_attempts_total", "channel, fate"),
        "{{channel}} {{fate}}",
      ]),
      panel("Events: until they can be read", "s", ...percentiles("ostiary_event_numbering_seconds")),
      panel("Deliveries to subscribers", "reqps", [rate("ostiary_webhook_deliveries_total", "outcome"), "{{outcome}}"]),
      panel("Until an event is delivered", "s", ...percentiles("ostiary_webhook_delivery_seconds")),
      panel("Deliveries that wait", "none", ...of("ostiary_webhook_pending", "job")),
      panel("The oldest of them", "s", ...of("ostiary_webhook_lag_seconds", "job")),
      panel("Receivers that fail", "none", ...of("ostiary_webhook_failing", "job")),
      panel("Spans by what became of them", "ops", [rate("ostiary_trace_spans_total", "outcome"), "{{outcome}}"]),
      panel("Garbage collection", "percentunit", [rate("nodejs_gc_duration_seconds_sum", "instance"), "{{instance}}"]),
      panel("Heap", "bytes", ...of("nodejs_heap_size_used_bytes")),
      panel("Open files", "none", ...of("process_open_fds"), ...of("process_max_fds")),
    ],
  },
};

const source = { type: "prometheus", uid: "${datasource}" };

/** A dashboard as Grafana imports it: two panels in a row. */
const written = (name, { title, panels }) => ({
  uid: `ostiary-${name}`,
  title,
  tags: ["ostiary"],
  schemaVersion: 39,
  editable: true,
  refresh: "30s",
  time: { from: "now-3h", to: "now" },
  templating: {
    list: [
      { name: "datasource", label: "Data source", type: "datasource", query: "prometheus" },
      {
        name: "job",
        label: "Job",
        type: "query",
        datasource: source,
        query: { query: "label_values(ostiary_workers, job)", refId: "job" },
        refresh: 2,
        includeAll: true,
        multi: true,
      },
    ],
  },
  panels: panels.map(({ title, unit, targets }, at) => ({
    id: at + 1,
    title,
    type: "timeseries",
    datasource: source,
    gridPos: { x: (at % 2) * 12, y: Math.floor(at / 2) * 8, w: 12, h: 8 },
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 8 } }, overrides: [] },
    options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
    targets: targets.map(([expr, legendFormat], n) => ({
      refId: String.fromCharCode(65 + n),
      datasource: source,
      expr,
      legendFormat,
    })),
  })),
});

/** The dashboards by the names of their files. */
export const files = Object.fromEntries(
  Object.entries(dashboards).map(([name, dashboard]) => [
    `${name}.json`,
    `${JSON.stringify(written(name, dashboard), null, 2)}\n`,
  ]),
);

if (import.meta.main) for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
