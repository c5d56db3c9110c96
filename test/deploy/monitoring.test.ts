import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Json } from "../support/client.ts";
import { root, textOf, treeOf } from "./files.ts";

const rulesFile = "deploy/prometheus/ostiary.rules.yml";
const groups: Json[] = treeOf(rulesFile).groups;
const rules: Json[] = groups.flatMap((group: Json) => group.rules);

/** The labels of each metric, as documented; test/telemetry/metrics.test.ts holds the document against a server. */
const documented = new Map(
  [...textOf("docs/metrics.md").matchAll(/^\| `(\w+)` \| (\w+) \| \w* \| (.*?) \|/gm)].flatMap(
    ([, name, type, labels]) => {
      const own = [...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label!);
      const series = type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name! + end) : [name!];
      return series.map((one): [string, string[]] => [one, one.endsWith("_bucket") ? [...own, "le"] : own]);
    },
  ),
);
const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
/** What Prometheus itself adds to each series. */
const added = ["job", "instance"];

/** What is wrong with an expression: metrics that nobody tells, labels that they do not have. */
function faultsIn(expression: string): string[] {
  const selectors = [...expression.matchAll(/([a-z_][\w:]*_[\w:]*|up)(?:\{([^}]*)\})?(?=[\s[){/>=]|$)/g)];
  const unknown = selectors.map(([, name]) => name!).filter((name) => !isKnown(name));
  const labels = selectors.flatMap(([, name, where = ""]) =>
    [...where.matchAll(/(\w+)\s*[=!]~?=?"/g)].flatMap(([, label]) =>
      hasLabel(name!, label!) ? [] : [`${name}: ${label}`],
    ),
  );
  const grouped = [...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/));
  const names = selectors.map(([, name]) => name!);
  return [...unknown, ...labels, ...grouped.filter((label) => !names.some((name) => hasLabel(name, label)))];
}

const notSeries = /^(histogram_quantile|label_values|humanize\w*|rate_interval)$/;
const isKnown = (name: string): boolean =>
  name === "up" || notSeries.test(name) || recorded.has(name) || documented.has(name);

const hasLabel = (name: string, label: string): boolean =>
  added.includes(label) || recorded.has(name) || (documented.get(name) ?? []).includes(label);

test("each rule asks for what servers tell, and an alert says what to look at", () => {
  for (const { record, alert, expr, labels, annotations } of rules) {
    assert.deepEqual(faultsIn(expr), [], record ?? alert);
    if (record) assert.match(record, /^\w+:\w+:\w+$/);
    else {
      assert.match(labels.severity, /^(warning|critical)$/, alert);
      assert.ok(annotations.summary && annotations.description, alert);
    }
  }
  assert.ok(rules.filter(({ alert }) => alert).length > 10);
});

test("a rule that asks for what nobody tells is found out", () => {
  assert.deepEqual(faultsIn("rate(ostiary_calls_all[5m])"), ["ostiary_calls_all"]);
  assert.deepEqual(faultsIn('rate(ostiary_calls_total{tenant="a"}[5m])'), ["ostiary_calls_total: tenant"]);
  assert.deepEqual(faultsIn("sum by (rule) (ostiary_calls_total)"), ["rule"]);
});

test("methods that dashboards and rules name are calls of the contract", () => {
  const proto = readdirSync(join(root, "proto"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".proto"))
    .map((file) => textOf(join("proto", file)))
    .join("\n");
  const calls = [...proto.matchAll(/^ {2}rpc (\w+)\(/gm)].map(([, name]) => name!);
  const texts = [...rules.map(({ expr }) => expr), ...dashboards().flatMap(expressionsOf)] as string[];
  const named = texts.flatMap((text) => [...text.matchAll(/method=~?"([^"]+)"/g)].map(([, pattern]) => pattern!));
  assert.ok(named.length > 5);
  for (const pattern of named)
    assert.ok(
      calls.some((call) => new RegExp(`^(${pattern})$`).test(call)),
      pattern,
    );
});

const dashboards = (): Json[] =>
  readdirSync(join(root, "deploy/grafana")).map((file) => JSON.parse(textOf(join("deploy/grafana", file))) as Json);

const expressionsOf = ({ panels }: Json): string[] =>
  panels.flatMap(({ targets }: Json) => targets.map(({ expr }: Json) => expr));

test("the dashboards are as they are made, and draw what servers tell", async () => {
  const { files } = (await import("../../scripts/dashboards.mjs" as string)) as { files: Record<string, string> };
  for (const [name, text] of Object.entries(files))
    assert.equal(textOf(join("deploy/grafana", name)), text, `${name}: node scripts/dashboards.mjs`);
  assert.equal(dashboards().length, Object.keys(files).length);
  for (const dashboard of dashboards())
    for (const expression of expressionsOf(dashboard)) assert.deepEqual(faultsIn(expression), [], expression);
});

test("the chart brings the same rules", () => {
  assert.equal(textOf("deploy/helm/ostiary/files/ostiary.rules.yml"), textOf(rulesFile));
});
