// What tracing costs a whoami: servers that differ in that alone, side by side, asked in turn, forth and back. Of each what a call took on
// a core in the tenth of its turns that others disturbed the least, and how that compares. Two without tracing tell how far the ratio can be
// trusted. `node bench/tracing.ts`; OSTIARY_BENCH_ROUNDS says how often each is asked.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cpuUs, repeat, requestText } from "./cpu.ts";
import { percentile } from "./figures.ts";
import { post, shoot } from "./load.ts";
import { residentMb, start, stop, untilReady } from "./processes.ts";

const rounds = Number(process.env["OSTIARY_BENCH_ROUNDS"] ?? 120);
const count = 800;
const firstPort = 20_000 + (process.pid % 20_000);
const person = { identifier: "bench@example.org", password: "correct horse battery" };
let received = 0;
const collector = createServer((req, res) => {
  req.on("data", (bytes: Buffer) => (received += bytes.length)).on("end", () => res.end());
}).listen(0, "127.0.0.1");
await once(collector, "listening");

const tracing = (ratio: number) => ({
  TRACING_PROVIDER: "otel",
  TRACING_PROVIDERS_OTLP_SERVER_URL: `127.0.0.1:${(collector.address() as AddressInfo).port}`,
  TRACING_PROVIDERS_OTLP_INSECURE: "true",
  TRACING_PROVIDERS_OTLP_SAMPLING_SAMPLING_RATIO: String(ratio),
});

/** A server under measurement, and what whoami is asked with. */
interface Subject {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const subjects: readonly Subject[] = [
  { name: "tracing off", environment: {} },
  { name: "tracing off, once more", environment: {} },
  { name: "1 % recorded", environment: tracing(0.01) },
  {
    name: "part of a trace that is not recorded",
    environment: tracing(0.01),
    headers: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00" },
  },
  { name: "all recorded", environment: tracing(1) },
];

async function signIn(open: string, admin: string): Promise<string> {
  const credentials = { password: { config: { password: person.password } } };
  await post(`${admin}/admin/identities`, { schema_id: "person", traits: { email: person.identifier }, credentials });
  const flow = JSON.parse(await shoot({ url: `${open}/self-service/login/api` })) as { ui: { action: string } };
  const { pathname, search } = new URL(flow.ui.action);
  const answer = await post(`${open}${pathname}${search}`, { method: "password", ...person });
  return (JSON.parse(answer) as { session_token: string }).session_token;
}

async function begin({ name, environment, headers }: Subject, at: number) {
  const [port, adminPort] = [firstPort + 2 * at, firstPort + 2 * at + 1];
  const server = start(["bin/ostiary.js", "serve", "--dev", "-c", "bench/kratos.yml"], {
    DSN: "memory",
    SERVE_PUBLIC_PORT: String(port),
    SERVE_ADMIN_PORT: String(adminPort),
    SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: "false",
    ...environment,
  });
  server.stderr!.resume();
  await untilReady(`http://127.0.0.1:${adminPort}/health/ready`);
  const token = await signIn(`http://127.0.0.1:${port}`, `http://127.0.0.1:${adminPort}`);
  const request = () => requestText("GET", "/sessions/whoami", { "x-session-token": token, ...headers });
  const costs: number[] = [];
  return {
    name,
    server,
    costs,
    async ask(keep: boolean) {
      const before = cpuUs(server.pid!);
      await repeat({ port, request, status: 200, count });
      if (keep) costs.push((cpuUs(server.pid!) - before) / count);
    },
  };
}

const all: Awaited<ReturnType<typeof begin>>[] = [];
try {
  for (const [at, subject] of subjects.entries()) all.push(await begin(subject, at));
  for (let round = -10; round < rounds; round++)
    for (const one of round % 2 ? all : all.toReversed()) await one.ask(round >= 0);
  const least = all.map(({ costs }) => percentile(costs, 0.1));
  for (const [at, { name, server }] of all.entries())
    console.log(
      `${name.padEnd(40)} CPU ${least[at]!.toFixed(1).padStart(6)} us, ${(least[at]! / least[0]!).toFixed(3)} of tracing off, ${residentMb(server.pid!)} MB`,
    );
  console.log(`the collector was sent ${Math.round(received / 1024)} KB`);
} finally {
  for (const { server } of all) await stop(server);
  collector.close();
}
