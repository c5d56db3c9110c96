import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runIn } from "../support/command-line.ts";
import { startServer } from "../support/server.ts";

/**
 * Each command of `kratos --help` that somebody may run, with all of its flags in the forms that it takes: what it ends with here. What is between braces stands for
 * something of the test's.
 */
const commands: readonly (readonly [ends: number, line: string])[] = [
  [0, "-c {config} migrate sql -e --yes"],
  [0, "migrate sql {dsn} -y"],
  [0, "migrate sql up {dsn} --yes=true"],
  [0, "migrate sql up -e --yes -c {config}"],
  [0, "migrate sql status {dsn} --format json"],
  [0, "migrate sql status -e --block --quiet"],
  [0, "migrate normalize-phone-numbers -e --dry-run --batch-size 10 --batch-delay 0s"],
  [0, "migrate normalize-phone-numbers {dsn} -b 10 --batch-delay=0s --start-after ci={id} --start-after va={id}"],
  [0, "cleanup sql {dsn} --keep-last 24h --database.cleanup.batch_size 10 --database.cleanup.sleep.tables 0s"],
  [0, "cleanup sql -e -c {config} -b 10 --database.cleanup.sleep.tables=0s"],
  [0, "migrate sql down {dsn} --steps 1 --yes"],
  // Nothing is served without a configuration.
  [1, "serve -c {none} --dev --watch-courier --sqa-opt-out"],
  [1, "serve all --config {none}"],
  [1, "courier watch -c {none} --expose-metrics-port 0"],
  [1, "courier -c {none} watch"],
  [0, "import identities {file} -e {admin}"],
  [0, "import -e {admin} --format json identities {file}"],
  [0, "validate identity {file} --endpoint {admin}"],
  [0, "list identities --page-size 10 --consistency strong --format json-pretty"],
  [0, "ls identities 1 10 --format yaml"],
  [0, "list identities --page-token {token} --quiet"],
  [0, "list identities --format jsonpath=identities.0.id"],
  [0, "list identities --format jsonpointer=/identities/0/id"],
  [0, "get identity {person} -i oidc --include-credentials oidc --format table"],
  [0, "get identity {external} --external-id -q"],
  [0, "delete identity {person} --format json"],
  [0, "remote status --endpoint {admin} --format json"],
  [0, "remote version -e {admin} -q"],
  [
    0,
    "hashers argon2 hash one two --parallel --iterations 1 --memory 1MB --parallelism 1 --salt-length 16 --key-length 32",
  ],
  [
    0,
    "hashers argon2 load-test 60 --iterations 1 --memory 1MB --parallelism 1 --dedicated-memory 1GB --min-duration 1m --expected-deviation 1m --sample-time 50ms -q",
  ],
  [
    0,
    "hashers argon2 calibrate 60 -m 1MB --max-memory 2MB --adjust-memory-by 1MB -i 1 --max-concurrent 1 -r 1 --parallelism 1 --min-duration 5ms --expected-deviation 1m --sample-time 50ms --format json",
  ],
  [0, "format jsonnet {program} -w"],
  [0, "format jsonnet {program}"],
  [0, "lint lint {program}"],
  [0, "version"],
  [0, "help serve"],
  [0, "completion bash --no-descriptions"],
  [0, "completion zsh"],
  [0, "completion fish"],
  [0, "completion powershell"],
  [0, "--help"],
];

test("each command of Kratos' has its counterpart, and takes the same arguments", async (t) => {
  const server = await startServer(t);
  const folder = mkdtempSync(join(tmpdir(), "ostiary-kratos-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const made = async (more: object) =>
    (await server.adminClient.post("/admin/identities", { schema_id: "person", ...more })).body.id as string;
  const person = await made({ traits: { email: "ada@example.org" } });
  await made({ traits: { email: "alan@example.org" }, external_id: "alan" });
  const { headers } = await server.admin("GET", "/admin/identities?page_size=1");
  const dsn = `sqlite://${folder}/people.sqlite`;
  const words: Readonly<Record<string, string>> = {
    dsn,
    person,
    admin: server.adminUrl,
    config: write("kratos.yml", `dsn: ${dsn}\n`),
    file: write("people.json", JSON.stringify([{ schema_id: "person", traits: { email: "grace@example.org" } }])),
    program: write("program.jsonnet", "{ a: 1 }"),
    none: join(folder, "none.yml"),
    external: "alan",
    id: person,
    token: /page_token=([^&>]+)[^>]*>; rel="next"/.exec(headers.get("link") ?? "")![1]!,
  };
  const environment = { DSN: dsn, KRATOS_ADMIN_URL: server.adminUrl };
  for (const [ends, line] of commands) {
    const typed = line.split(" ").map((word) => word.replaceAll(/\{(\w+)\}/g, (_, name: string) => words[name]!));
    const { code, out, err } = await runIn(environment, ...typed);
    assert.equal(code, ends, `${line}: ${err}\n${out}`);
    if (ends !== 0) assert.match(err, /none\.yml: cannot be read/, line);
  }
});
