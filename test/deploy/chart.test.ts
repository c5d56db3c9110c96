import assert from "node:assert/strict";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import { merge } from "../../src/config/merge.ts";
import type { Json } from "../support/client.ts";
import { faultsOf, root, textOf, treeOf } from "./files.ts";

const chart = "deploy/helm/ostiary";
const values = treeOf(`${chart}/values.yaml`);
const isValid = new Ajv({ strict: false }).compile(treeOf(`${chart}/values.schema.json`));
const merged = (changes: Json) => merge(values, changes) as Json;
const templates = globSync("templates/**/*.{yaml,tpl,txt}", { cwd: join(root, chart) }).map((file) =>
  textOf(join(chart, file)),
);

test("the chart's values, and those that it is tried with, are what its schema wants", () => {
  assert.ok(isValid(values), JSON.stringify(isValid.errors));
  const tried = globSync("deploy/helm/ci/*.yaml", { cwd: root });
  assert.equal(tried.length, 3);
  for (const file of tried)
    assert.ok(isValid(merged(treeOf(file))), `${basename(file)}: ${JSON.stringify(isValid.errors)}`);
});

test("values that cannot be meant are refused before anything is installed", () => {
  const wrong: Json[] = [
    { replica: 3 },
    { config: { dsn: "postgres://u:p@postgres/ostiary" } },
    { config: { secrets: { cookie: ["x"] } } },
    { config: { serve: { shutdown: { lame_duck: "soon" } } } },
    { ingress: { enabled: true } },
    { image: { digest: "sha256:short" } },
    { workers: 0 },
  ];
  for (const changes of wrong) assert.ok(!isValid(merged(changes)), JSON.stringify(changes));
});

test("its configuration is one that a server starts with", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-chart-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "kratos.yml");
  writeFileSync(file, JSON.stringify(values.config));
  assert.deepEqual(faultsOf(file), []);
  for (const text of Object.values<string>(values.files)) assert.equal(typeof JSON.parse(text), "object");
});

test("every value is used by a template, and templates use none that is not there", () => {
  const used = new Set(
    templates.flatMap((text) => [...text.matchAll(/\.Values\.([A-Za-z.]+)/g)].map(([, path]) => path!)),
  );
  const known = (path: string) => path.split(".").reduce<Json>((tree, name) => tree?.[name], values) !== undefined;
  for (const path of used) assert.ok(known(path) || path.startsWith("secret.values"), path);
  for (const name of Object.keys(values))
    assert.ok(
      [...used].some((path) => path.split(".")[0] === name),
      name,
    );
});

test("pods run without rights, and are given the time that a server takes to go", () => {
  const pods = templates.filter((text) => /^ +containers:$/m.test(text));
  assert.equal(pods.length, 3);
  for (const text of pods)
    for (const wanted of [
      "ostiary.podSecurityContext",
      "ostiary.containerSecurityContext",
      "automountServiceAccountToken: false",
    ])
      assert.ok(text.includes(wanted), wanted);
  const deployment = textOf(`${chart}/templates/deployment.yaml`);
  assert.match(deployment, /terminationGracePeriodSeconds: \{\{ add .*lame_duck.*timeout.* 10 \}\}/);
  for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) assert.ok(deployment.includes(probe), probe);
});
