// Whether time tells who has an account: asks for codes and links for people who are there and people who are not, in turns,
// each address once. `node bench/enumeration.ts`, with OSTIARY_BENCH_DSN=postgres://... for another database, an empty one.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { migrateUp } from "../src/db/migrate.ts";
import { personSchema } from "../test/support/config.ts";
import { shoot } from "./load.ts";

const samples = Number(process.env["OSTIARY_BENCH_SAMPLES"] ?? 400);
const port = 20_000 + (process.pid % 20_000);
const [open, admin] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`];
const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
const dsn = process.env["OSTIARY_BENCH_DSN"] ?? `sqlite://${folder}/people.sqlite`;
const json = { "content-type": "application/json" };

const flags = { credentials: { code: { identifier: true, via: "email" } }, verification: { via: "email" }, recovery: { via: "email" } };
const schema = structuredClone(personSchema) as { properties: { traits: { properties: { email: object } } } };
schema.properties.traits.properties.email = { type: "string", format: "email", "ory.sh/kratos": flags };

function configuration(use: "code" | "link", notified: boolean): object {
  const flow = { enabled: true, use, notify_unknown_recipients: notified, ui_url: "http://127.0.0.1/x" };
  return {
    dsn,
    log: { level: "error" },
    serve: { public: { base_url: open, port }, admin: { base_url: admin, port: port + 1 } },
    secrets: { default: ["a secret of sixteen letters or more"] },
    security: { account_enumeration: { mitigate: true } },
    identity: { default_schema_id: "p", schemas: [{ id: "p", url: `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}` }] },
    courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
    selfservice: {
      default_browser_return_url: "http://127.0.0.1/",
      methods: { password: { enabled: false }, code: { enabled: true, passwordless_enabled: true }, link: { enabled: true } },
      flows: { recovery: flow, verification: flow, login: { ui_url: "http://127.0.0.1/x" } },
    },
  };
}

async function start(use: "code" | "link", notified: boolean): Promise<ChildProcess> {
  const file = join(folder, "kratos.yml");
  writeFileSync(file, JSON.stringify(configuration(use, notified)));
  const server = spawn(process.execPath, [join(root, "src/main.ts"), "serve", "-c", file], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  for (let tries = 0; tries < 1000; tries++) {
    if (await shoot({ url: `${admin}/health/ready` }).then(() => true, () => false)) return server;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("the server does not answer");
}

const post = (url: string, body: object) => shoot({ method: "POST", url, headers: json, body: JSON.stringify(body) });

async function ask(kind: string, method: string, address: string): Promise<number> {
  const flow = JSON.parse(await shoot({ url: `${open}/self-service/${kind}/api` })) as { ui: { action: string } };
  const field = kind === "login" ? "identifier" : "email";
  const begin = performance.now();
  // Where a code was sent to sign in with, the form comes back with a status of 400.
  await post(flow.ui.action, { method, [field]: address }).catch((error: unknown) => {
    if (kind !== "login") throw error;
  });
  return performance.now() - begin;
}

const quantile = (times: readonly number[], share: number): string => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)]!.toFixed(2);
const figures = (times: readonly number[]): string => `${quantile(times, 0.5)} ms (p10 ${quantile(times, 0.1)})`;

/** How likely two such samples are where there is no difference (Mann-Whitney, two-sided, by the normal distribution). */
function likelihood(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map((time) => ({ time, mine: true })), ...other.map((time) => ({ time, mine: false }))].toSorted((a, b) => a.time - b.time);
  const ranks = all.reduce((sum, { mine }, at) => sum + (mine ? at + 1 : 0), 0);
  const [m, n] = [one.length, other.length];
  const z = Math.abs(ranks - (m * (m + n + 1)) / 2) / Math.sqrt((m * n * (m + n + 1)) / 12);
  // Abramowitz and Stegun 7.1.26.
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return polynomial * Math.exp((-z * z) / 2);
}

async function compare(kind: string, method: string, round: string, note: string): Promise<void> {
  const times: Record<"known" | "nobody", number[]> = { known: [], nobody: [] };
  const addresses = Array.from({ length: samples }, (_, at) => ({ known: `known-${round}-${at}@example.org`, nobody: `noone-${round}-${at}@example.org` }));
  for (const { known } of addresses) await post(`${admin}/admin/identities`, { schema_id: "p", traits: { email: known } });
  for (const pair of addresses) {
    const order = Math.random() < 0.5 ? (["known", "nobody"] as const) : (["nobody", "known"] as const);
    for (const who of order) times[who].push(await ask(kind, method, pair[who]));
  }
  // The first ones warm the server up.
  const [known, nobody] = [times.known.slice(samples / 10), times.nobody.slice(samples / 10)];
  const p = likelihood(known, nobody);
  console.log(`${`${kind} by ${method}${note}`.padEnd(34)} known ${figures(known)}  nobody ${figures(nobody)}  p ${p.toFixed(4)}`);
}

await migrateUp(dsn);
try {
  for (const notified of [false, true])
    for (const use of ["code", "link"] as const) {
      const server = await start(use, notified);
      try {
        const note = notified ? ", both written to" : "";
        if (use === "code" && !notified) await compare("login", "code", "login", "");
        for (const kind of ["verification", "recovery"]) await compare(kind, use, `${kind}-${use}-${notified}`, note);
      } finally {
        server.kill();
        await new Promise((done) => server.once("exit", done));
      }
    }
} finally {
  rmSync(folder, { recursive: true });
}
