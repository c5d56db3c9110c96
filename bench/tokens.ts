// Measures tokens by client credentials against the package `oidc-provider` alone with its store in memory, in turns, each on one core:
// node bench/tokens.ts, over OSTIARY_BENCH_DSN=postgres://... if asked (an empty database that has been migrated).
import type { ChildProcess } from "node:child_process";
import { median } from "./figures.ts";
import { load, post, shoot } from "./load.ts";
import { cpuMs, start, stop, untilReady } from "./processes.ts";

const rounds = 7;
const seconds = Number(process.env["OSTIARY_BENCH_SECONDS"] ?? 3);
const concurrency = 8;
const [open, admin, bare] = [4853, 4854, 4855] as const;

const ours = start(["bin/ostiary.js", "serve", "--dev", "-c", "bench/kratos.yml"], {
  DSN: process.env["OSTIARY_BENCH_DSN"] ?? "memory",
  SERVE_PUBLIC_PORT: String(open),
  SERVE_ADMIN_PORT: String(admin),
  OAUTH2_PROVIDER_MODE: "embedded",
});
ours.stderr!.resume();
await untilReady(`http://127.0.0.1:${admin}/health/ready`);
const client = JSON.parse(
  await post(`http://127.0.0.1:${admin}/admin/clients`, { grant_types: ["client_credentials"] }),
) as { readonly client_id: string; readonly client_secret: string };
const rival = start(["bench/provider-baseline.ts", client.client_id, client.client_secret, String(bare)]);
rival.stderr!.resume();
await untilReady(`http://127.0.0.1:${bare}/.well-known/openid-configuration`);

const tokenOf = (port: number) => () =>
  shoot({
    method: "POST",
    url: `http://127.0.0.1:${port}${port === bare ? "/token" : "/oauth2/token"}`,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64")}`,
    },
    body: "grant_type=client_credentials",
  });

/** The time on a core that a token takes, in microseconds. */
async function measured({ pid }: ChildProcess, port: number): Promise<number> {
  const before = cpuMs(pid!);
  const { latencies } = await load(tokenOf(port), seconds, concurrency);
  return ((cpuMs(pid!) - before) * 1000) / latencies.length;
}

const servers = [
  [ours, open],
  [rival, bare],
] as const;
for (const [server, port] of servers) await measured(server, port);
const [own, alone] = [[], []] as [number[], number[]];
for (let round = 0; round < rounds; round++) {
  own.push(await measured(ours, open));
  alone.push(await measured(rival, bare));
}
const [a, b] = [median(own), median(alone)];
console.log(
  `a token: ${a.toFixed(0)} us of CPU here, ${b.toFixed(0)} by oidc-provider alone: ${(b / a).toFixed(2)} of its rate`,
);
await stop(ours);
await stop(rival);
