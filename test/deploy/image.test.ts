import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { contextFiles } from "../../scripts/docker-context.ts";
import { faultsOf, root, textOf, treeOf } from "./files.ts";

/** The instructions of the Dockerfile, each as one line. */
const instructions = textOf("Dockerfile")
  .replace(/^#.*\n/gm, "")
  .replace(/\\\n\s*/g, "")
  .split("\n")
  .filter(Boolean);

const all = (name: string) =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

test("the image has what it runs, and nothing to run it by: no shell, no rights, a check of its health", () => {
  assert.match(
    all("ARG").find((one) => one.startsWith("RUN_IMAGE="))!,
    /distroless\/cc-debian\d+:nonroot$/,
  );
  assert.deepEqual(all("USER"), ["65532:65532"]);
  for (const image of all("ARG").filter((one) => one.includes("_IMAGE=")))
    assert.doesNotMatch(image, /:latest|=[^:]+$/);
  assert.deepEqual(all("ADD"), []);
  const runs = ["ENTRYPOINT", "CMD"].flatMap((name) => all(name).flatMap((one) => JSON.parse(one) as string[]));
  assert.deepEqual(runs, ["/opt/ostiary/bin/node", "/opt/ostiary/bin/ostiary.js", "serve"]);
  assert.match(all("HEALTHCHECK")[0]!, /CMD \["\/opt\/ostiary\/bin\/node", "\/opt\/ostiary\/bin\/healthcheck\.mjs"\]$/);
  assert.deepEqual(all("EXPOSE"), ["4433 4434"]);
  assert.ok(all("COPY").at(-1)!.startsWith("--from=build --chown=65532:65532 /data "), "what is written to is its own");
});

test("an image is built of what the repository has, without secrets, tests and what is generated", () => {
  const files = contextFiles(root);
  const needed = ["package-lock.json", "scripts/assemble.mjs", "deploy/docker/healthcheck.mjs", "src/main.ts"];
  for (const file of needed) assert.ok(files.includes(file), file);
  assert.deepEqual(
    files.filter((file) => /(?:^|\/)(?:test|gen|node_modules|bench)\/|\.env|\.sqlite/.test(file)),
    [],
  );
});

test("compose runs a server as in production: migrated, read-only, without rights, its admin API for this machine alone", () => {
  const { services } = treeOf("compose.yaml");
  for (const name of ["ostiary", "migrate"]) {
    const service = services[name];
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
    assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
    assert.match(
      service.environment.SECRETS_COOKIE,
      /^\$\{OSTIARY_SECRET:\?/,
      "nobody begins with somebody else's secret",
    );
  }
  assert.equal(services.ostiary.depends_on.migrate.condition, "service_completed_successfully");
  assert.deepEqual(services.ostiary.ports, ["4433:4433", "127.0.0.1:4434:4434"]);
  for (const { image } of Object.values(services) as { image: string }[]) assert.match(image, /:[\w.$:{}-]+$/, image);
  assert.deepEqual(faultsOf(join(root, "deploy/compose/kratos.yml")), []);
});

test("whoever names a version names the same one", () => {
  const { version } = treeOf("package.json");
  assert.equal(treeOf("sdk/package.json").version, version);
  assert.match(textOf("sdk/version.js"), new RegExp(`"${version}"`));
  assert.equal(
    all("ARG").find((one) => one.startsWith("VERSION=")),
    `VERSION=${version}`,
  );
  assert.equal(treeOf("compose.yaml").services.ostiary.image, `ostiary:\${OSTIARY_VERSION:-${version}}`);
  assert.equal(String(treeOf("deploy/helm/ostiary/Chart.yaml").appVersion), version);
});
