// Checks what is in deploy/ by the tools that know best, where they are: helm, kubeconform, systemd-analyze, hadolint, docker compose, promtool.
//   go install helm.sh/helm/v3/cmd/helm@v3.19.2 && go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
// KUBERNETES_SCHEMAS says where kubeconform finds Kubernetes' schemas, where it cannot fetch them. Ends with 1 if something is wrong, and says what was
// not tried.
import { execFileSync, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const chart = join(root, "deploy/helm/ostiary");
const kubernetes = "1.34.0";
const untried = [];
let failed = false;

const has = (command, ...words) => spawnSync(command, words, { stdio: "ignore" }).status === 0;

function check(title, command, words, input) {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd: root, input, encoding: "utf8" });
  console.log(`${status === 0 ? "fine" : "WRONG"}: ${title}`);
  if (status !== 0) console.log(stdout + stderr);
  failed ||= status !== 0;
}

if (has("helm", "version")) checkChart();
else untried.push("the chart: there is no helm");
if (has("systemd-analyze", "--version")) checkUnits();
else untried.push("the units: there is no systemd-analyze");
if (has("hadolint", "--version")) check("Dockerfile (hadolint)", "hadolint", ["Dockerfile"]);
else untried.push("the Dockerfile by hadolint: there is none");
if (has("docker", "compose", "version"))
  check("compose.yaml", "docker", ["compose", "--env-file", "/dev/null", "config", "--quiet", "--no-interpolate"]);
else untried.push("compose.yaml by Docker: there is no docker compose");

if (has("promtool", "--version"))
  check("rules of alerts", "promtool", ["check", "rules", "deploy/prometheus/ostiary.rules.yml"]);
else untried.push("rules of alerts: there is no promtool (Debian: prometheus)");

for (const what of untried) console.log(`not tried: ${what}`);
process.exit(failed ? 1 : 0);

function checkChart() {
  const conforms = has("kubeconform", "-v");
  if (!conforms) untried.push("the chart's manifests: there is no kubeconform");
  for (const values of globSync(join(root, "deploy/helm/ci/*.yaml")).sort()) {
    const title = basename(values);
    check(`chart with ${title} (helm lint)`, "helm", ["lint", "--strict", chart, "--values", values]);
    const words = ["template", "release", chart, "--kube-version", kubernetes, "--values", values];
    const manifests = execFileSync("helm", words, { encoding: "utf8" });
    if (!conforms) continue;
    conform(title, manifests);
  }
}

function conform(title, manifests) {
  const schemas = process.env.KUBERNETES_SCHEMAS ? ["-schema-location", process.env.KUBERNETES_SCHEMAS] : [];
  // Of what other projects define there is no schema.
  const words = ["-strict", "-skip", "ServiceMonitor,PrometheusRule", "-kubernetes-version", kubernetes, ...schemas];
  const { stdout } = spawnSync("kubeconform", words, { input: manifests, encoding: "utf8" });
  const complaints = stdout.split("\n").filter(Boolean);
  if (complaints.length > 0 && complaints.every((line) => /could not find schema|failed downloading schema/.test(line)))
    untried.push(`chart with ${title} by kubeconform: Kubernetes' schemas cannot be fetched (KUBERNETES_SCHEMAS)`);
  else check(`chart with ${title} (kubeconform)`, "kubeconform", words, manifests);
}

/** As they are, but for the path of the program, which is not installed here. */
function checkUnits() {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-units-"));
  try {
    for (const unit of globSync(join(root, "deploy/systemd/*.service"))) {
      const text = readFileSync(unit, "utf8").replaceAll("/opt/ostiary/bin/node", process.execPath);
      writeFileSync(join(folder, basename(unit)), text.replace("file:///opt/ostiary/README.md", "man:node(1)"));
    }
    const units = globSync(join(folder, "*.service"));
    check("units (systemd-analyze verify)", "systemd-analyze", ["verify", "--man=no", ...units]);
    const strictest = ["security", "--offline=true", "--threshold=20", "--no-pager"];
    check("ostiary.service (systemd-analyze security)", "systemd-analyze", [
      ...strictest,
      join(folder, "ostiary.service"),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
