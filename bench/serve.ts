import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { migrateUp } from "../src/db/migrate.ts";
import { shoot } from "./load.ts";

const port = 20_000 + (process.pid % 20_000);
const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "ostiary-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true }));

/** The database that is measured: that of OSTIARY_BENCH_DSN, an empty one, or a file of SQLite. */
export const dsn = process.env["OSTIARY_BENCH_DSN"] ?? `sqlite://${folder}/bench.sqlite`;
await migrateUp(dsn);

/** Where the server under measurement answers. */
export const [open, admin] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`];

/** Sends JSON. */
export const post = (url: string, body: object): Promise<string> =>
  shoot({ method: "POST", url, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Begins a native flow, and says where its form goes. */
export async function beginFlow(kind: string): Promise<string> {
  const flow = JSON.parse(await shoot({ url: `${open}/self-service/${kind}/api` })) as { ui: { action: string } };
  return flow.ui.action;
}

/** Starts a server with this configuration, besides database and addresses; answers with the way to stop it. */
export async function serve(configuration: object, ...flags: readonly string[]): Promise<() => Promise<void>> {
  const file = join(folder, "kratos.yml");
  const addresses = { public: { base_url: open, port }, admin: { base_url: admin, port: port + 1 } };
  const secrets = { default: ["a secret of sixteen letters or more"] };
  writeFileSync(file, JSON.stringify({ dsn, log: { level: "error" }, serve: addresses, secrets, ...configuration }));
  const words = [join(root, "bin/ostiary.js"), "serve", "-c", file, ...flags];
  const server = spawn(process.execPath, words, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  for (let tries = 0; tries < 3000; tries++) {
    if (
      await shoot({ url: `${admin}/health/ready` }).then(
        () => true,
        () => false,
      )
    )
      return async () => {
        server.kill();
        await new Promise((done) => server.once("exit", done));
      };
    await new Promise((done) => setTimeout(done, 10));
  }
  server.kill();
  throw new Error("the server does not answer");
}
