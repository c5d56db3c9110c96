import http from "node:http";
import { parseArgs } from "node:util";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { createRouter } from "../../src/rest/route.ts";
import { encoded, mergeTrees, personSchema } from "../support/config.ts";
import { contract } from "../support/contract.ts";
import { hydraConfig, startHydra } from "../support/hydra.ts";
import { startProcess } from "../support/server-process.ts";
import { figuresOf } from "./figures.ts";
import type { Figures } from "./figures.ts";
import { nothingKnown } from "./known.ts";
import { randomFrom } from "./random.ts";
import type { Random } from "./random.ts";
import { requestFor, sendRest } from "./rest.ts";
import { callFor, openRpc } from "./rpc.ts";
import { liveOn } from "./stories.ts";

const { values: asked } = parseArgs({
  options: {
    rest: { type: "string", default: "100000" },
    rpcs: { type: "string", default: "50000" },
    seed: { type: "string", default: "12" },
    dsn: { type: "string", default: "memory" },
  },
});
const atOnce = 8;
const storyEvery = 100;
const rp = { id: "example.org", display_name: "Example", origins: ["https://example.org"] };
const config = {
  dsn: asked.dsn,
  // Each request comes from a client of its own, as far as limits go.
  serve: { trusted_proxies: { networks: ["127.0.0.1"] } },
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  identity: {
    schemas: [
      { id: "person", url: encoded(personSchema) },
      { id: "other", url: encoded(personSchema) },
    ],
  },
  selfservice: {
    methods: {
      code: { enabled: true, passwordless_enabled: true, mfa_enabled: false },
      ...{ link: { enabled: true }, totp: { enabled: true }, lookup_secret: { enabled: true } },
      ...{
        webauthn: { enabled: true, config: { passwordless: true, rp } },
        passkey: { enabled: true, config: { rp } },
      },
    },
    flows: { recovery: { enabled: true }, verification: { enabled: true } },
  },
};

const closers: (() => unknown)[] = [];
const ending = { after: (close: () => unknown) => closers.push(close) } as never;
// Whatever is no challenge of its own it refuses, as the server then does.
const hydra = await startHydra(ending);
hydra.wants();
const server = await startProcess(ending, { config: mergeTrees(config, hydraConfig(hydra)) });
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 * atOnce });
const known = nothingKnown();
const urls = { public: server.publicUrl, admin: server.adminUrl };
let mostMb = 0;

/** Does a thing so many times, a few at once; each time with a chance of its own, which the seed decides. */
async function repeat(
  times: number,
  figures: Figures,
  seed: number,
  act: (random: Random) => Promise<Parameters<Figures["add"]>[0]>,
): Promise<void> {
  let begun = 0;
  const work = async () => {
    while (begun < times) {
      const index = begun++;
      const random = randomFrom(seed * 1_000_003 + index);
      if (index % storyEvery === 0) await liveOn(random, known, server);
      figures.add(await act(random));
      if (index % 500 === 0) mostMb = Math.max(mostMb, server.residentMb());
      if (index > 0 && index % 10_000 === 0) console.log(`… ${index}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

const start = performance.now();
const rest = figuresOf("REST requests, by status");
const routesOf = (methods: readonly DescMethodUnary[]) =>
  createRouter([...new Set(methods.map(({ parent }) => parent))]).routes;
const routes = { public: routesOf(contract.public), admin: routesOf(contract.admin) };
await repeat(Number(asked.rest), rest, Number(asked.seed), (random) => {
  const port = random.chance(0.7) ? "public" : "admin";
  const request = requestFor(random, known, random.pick(routes[port]));
  return sendRest(
    urls[port],
    agent,
    { ...request, path: port === "admin" ? `/admin${request.path}`.replace("/admin/admin", "/admin") : request.path },
    known,
  );
});

const rpcs = figuresOf("RPCs, by code");
const doors = { public: openRpc(urls.public, agent), admin: openRpc(urls.admin, agent) };
await repeat(Number(asked.rpcs), rpcs, Number(asked.seed) + 1, (random) => {
  const port = random.chance(0.7) ? "public" : "admin";
  return doors[port].send(callFor(random, known, random.pick(contract[port])));
});

const failures = [...rest.failures, ...rpcs.failures];
for (const line of [...rest.lines(), ...rpcs.lines()]) console.log(line);
for (const { verdict, told, answer } of failures) console.log(`\n${verdict}: ${told}\n  -> ${answer}`);
const unexpected = server.lines.filter((line) => /call failed unexpectedly|request failed|unhandled/i.test(line));
for (const line of unexpected.slice(0, 20)) console.log(line);
console.log(
  `seed ${asked.seed}; ${Math.round((performance.now() - start) / 1000)} s; RSS at most ${mostMb} MB; failed: ${failures.length}; unexpected in the log: ${unexpected.length}`,
);
for (const door of Object.values(doors)) door.close();
agent.destroy();
for (const close of closers) await close();
process.exitCode = failures.length || unexpected.length ? 1 : 0;
