// Whether people wait for a mail server that is down: how long forms and requests for codes take while mail goes out, while
// every connection is refused, and while none is answered. `node bench/mail-down.ts`; OSTIARY_BENCH_DSN as for the others.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { personSchema } from "../test/support/config.ts";
import { startMailServer } from "../test/support/mail-server.ts";
import { load, shoot } from "./load.ts";
import { percentile } from "./figures.ts";
import type { Timing } from "./figures.ts";
import { admin, beginFlow, open, post, serve } from "./serve.ts";

const seconds = Number(process.env["OSTIARY_BENCH_SECONDS"] ?? 10);
const people = 220;

const configuration = (port: number): object => ({
  identity: {
    default_schema_id: "p",
    schemas: [{ id: "p", url: `base64://${Buffer.from(JSON.stringify(personSchema)).toString("base64")}` }],
  },
  courier: {
    smtp: { connection_uri: `smtp://127.0.0.1:${port}/?disable_starttls=true` },
    limits: { per_address: { messages: 0 }, per_address_daily: { messages: 0 } },
  },
  selfservice: {
    default_browser_return_url: "http://127.0.0.1/",
    methods: { code: { enabled: true } },
    flows: { recovery: { enabled: true, ui_url: "http://127.0.0.1/x" }, login: { ui_url: "http://127.0.0.1/x" } },
  },
});

async function recover(email: string): Promise<void> {
  await post(await beginFlow("recovery"), { method: "code", email });
}

async function measure(name: string, port: number): Promise<void> {
  const stop = await serve(configuration(port), "--watch-courier");
  try {
    let asked = 0;
    const row = (what: string, { latencies }: Timing) =>
      console.log(
        `${name.padEnd(10)} ${what.padEnd(16)} p50 ${percentile(latencies, 0.5).toFixed(1)} ms  p99 ${percentile(latencies, 0.99).toFixed(1)} ms`,
      );
    const next = () => recover(`person-${asked++ % people}@example.org`);
    await load(next, 1, 2);
    row("recovery by code", await load(next, seconds, 1));
    // All at once, so that there is much to fail.
    await Promise.all(Array.from({ length: people }, next));
    row("login form", await load(() => shoot({ url: `${open}/self-service/login/api` }), seconds, 1));
  } finally {
    await stop();
  }
}

const up = await startMailServer(undefined);
const silent = createServer((socket) => void socket.on("error", () => undefined)).listen(0, "127.0.0.1");
await pause(50);
const first = await serve(configuration(up.port));
for (let n = 0; n < people; n++)
  await post(`${admin}/admin/identities`, { schema_id: "p", traits: { email: `person-${n}@example.org` } });
await first();
await measure("up", up.port);
await measure("refusing", 1);
await measure("silent", (silent.address() as AddressInfo).port);
process.exit();
