// Measures the hot paths, each as a ratio to a baseline of the same run, the server on one core and the load on another. Wants h2load
// (Debian: nghttp2-client). `npm run bench` prints the table of them all (see table/table.ts) in a quarter of an hour, `npm run bench -- --quick`
// the shortest of it in two minutes; `npm run bench -- rest` one part more closely (or cpu, cache, start, memory, grpc, logins, tenants), over
// OSTIARY_BENCH_DSN=postgres://... if asked, an empty database that has been migrated (on this machine with ?sslmode=disable, or TLS to the
// database is measured as well); `npm run bench -- growth` compares a thousand accounts with a million, in databases that it makes on the
// server of OSTIARY_BENCH_DSN, or on the local one of PostgreSQL's.
import { execFileSync } from "node:child_process";
import { layOutBundle } from "./bundle.ts";
import { measureCpu, requestText } from "./cpu.ts";
import { barrage } from "./h2load.ts";
import type { Barrage } from "./h2load.ts";
import { measure, tell } from "./figures.ts";
import type { Figures } from "./figures.ts";
import { measureGrowth } from "./growth.ts";
import { load, post, shoot } from "./load.ts";
import { measureMemory } from "./memory.ts";
import { measuredCore, pinned, residentMb, start, stop, untilReady } from "./processes.ts";
import { measureStart } from "./start-up.ts";
import { printTable } from "./table/table.ts";
import { measureTenants } from "./tenants.ts";

const seconds = Number(process.env["OSTIARY_BENCH_SECONDS"] ?? 3);
const [open, admin, bare, bareGrpc] = [4833, 4834, 4835, 4836].map((port) => `http://127.0.0.1:${port}`) as [
  string,
  string,
  string,
  string,
];
const toSession = "/ostiary.public.v1.SessionService/ToSession";
const person = { identifier: "bench@example.org", password: "correct horse battery" };
const serve = ["bin/ostiary.js", "serve", "--dev", "-c", "bench/kratos.yml"];
const environment = {
  DSN: process.env["OSTIARY_BENCH_DSN"] ?? "memory",
  SERVE_PUBLIC_PORT: "4833",
  SERVE_ADMIN_PORT: "4834",
  UV_THREADPOOL_SIZE: "8",
  // All that it begins comes from one client.
  SELFSERVICE_NEW_FLOWS_PER_CLIENT_ENABLED: "false",
  SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: "false",
};

async function signIn(): Promise<string> {
  const flow = JSON.parse(await shoot({ url: `${open}/self-service/login/api` })) as { ui: { action: string } };
  const { search, pathname } = new URL(flow.ui.action);
  const answer = await post(`${open}${pathname}${search}`, { method: "password", ...person });
  return (JSON.parse(answer) as { session_token: string }).session_token;
}

async function createPerson(email: string, password?: string): Promise<string> {
  const credentials = { ...(password && { password: { config: { password } } }) };
  const answer = await post(`${admin}/admin/identities`, { schema_id: "person", traits: { email }, credentials });
  return (JSON.parse(answer) as { id: string }).id;
}

/** Runs something beside a bare server that answers the same. */
async function besideBare<T>(
  words: readonly string[],
  ready: string | undefined,
  work: (pid: number) => Promise<T>,
): Promise<T> {
  const child = start(words);
  try {
    if (ready) await untilReady(ready);
    else await new Promise((done) => setTimeout(done, 1500));
    return await work(child.pid!);
  } finally {
    await stop(child);
  }
}

/** Measures one request, once the code that serves it has been compiled. */
async function fire(pid: number, shot: Omit<Barrage, "seconds">): Promise<Figures> {
  await barrage({ ...shot, seconds: 4 });
  return measure(pid, () => barrage({ ...shot, seconds }));
}

const whoami = `${open}/sessions/whoami`;

/** A bare server that answers what whoami answers. */
async function bareWhoami(headers: Readonly<Record<string, string>>) {
  const figures = await besideBare(
    ["bench/baseline.ts", await shoot({ url: whoami, headers }), "4835"],
    bare,
    (other) => fire(other, { url: bare }),
  );
  tell("bare node:http", figures);
  return { name: "bare node:http", figures };
}

const headersOf = (token: string) => ({ "x-session-token": token, accept: "application/json" });

/** Whoami with sessions kept in memory under a lease. */
async function cached(pid: number, token: string): Promise<void> {
  const headers = headersOf(token);
  const http = await bareWhoami(headers);
  tell("whoami from memory", await fire(pid, { url: whoami, headers }), http);
}

async function reads(pid: number, id: string, token: string): Promise<void> {
  const headers = headersOf(token);
  const http = await bareWhoami(headers);
  const compare = async (name: string, shot: Omit<Barrage, "seconds">) => tell(name, await fire(pid, shot), http);
  await compare("whoami", { url: whoami, headers });
  await compare("create login flow", { url: `${open}/self-service/login/api` });
  await compare("admin get", { url: `${admin}/admin/identities/${id}` });
  await compare("admin list of 250", { url: `${admin}/admin/identities?page_size=250` });
  let made = 0;
  const create = async (name: string, password?: string) =>
    tell(
      name,
      await measure(pid, () => load(() => createPerson(`made${made++}@example.org`, password), seconds, 8)),
      http,
    );
  await create("admin create");
  await create("admin create with password", person.password);
}

/** What the hot paths cost, beside what they should. */
async function costs(pid: number, id: string, token: string): Promise<void> {
  const get = (path: string, headers?: Record<string, string>) => () => requestText("GET", path, headers);
  let made = 0;
  const create = () =>
    requestText(
      "POST",
      "/admin/identities",
      {},
      JSON.stringify({ schema_id: "person", traits: { email: `cost${made++}@example.org` } }),
    );
  const whoami = get("/sessions/whoami", { "x-session-token": token });
  const onPublic = { port: 4833, status: 200, count: 1000 };
  const onAdmin = { ...onPublic, port: 4834 };
  await measureCpu(pid, [
    { ...onPublic, name: "whoami", request: whoami, goalUs: 75 },
    { ...onPublic, name: "whoami without a session", request: get("/sessions/whoami"), status: 401, goalUs: 34 },
    { ...onPublic, name: "create login flow, native", request: get("/self-service/login/api"), goalUs: 270 },
    { ...onPublic, name: "create login flow, one page", request: get("/self-service/login/browser"), goalUs: 255 },
    { ...onPublic, name: "create registration flow", request: get("/self-service/registration/api"), goalUs: 230 },
    { ...onAdmin, name: "admin get", request: get(`/admin/identities/${id}`), goalUs: 85 },
    { ...onAdmin, name: "admin list of 250", request: get("/admin/identities?page_size=250"), goalUs: 780, count: 100 },
    { ...onAdmin, name: "admin create", request: create, status: 201, goalUs: 710, count: 300 },
  ]);
}

async function grpc(pid: number, token: string): Promise<void> {
  const metadata = { "content-type": "application/grpc", te: "trailers", "x-session-token": token };
  const direct = { method: "POST", headers: { "content-type": "application/proto", "x-session-token": token } };
  const answer = Buffer.from(await (await fetch(open + toSession, direct)).arrayBuffer());
  const call = { headers: metadata, http2: true, body: Buffer.alloc(5), answerBytes: answer.length + 5 };
  const figures = await besideBare(
    ["bench/grpc-baseline.ts", answer.toString("base64"), "4836", toSession],
    undefined,
    (other) => fire(other, { url: bareGrpc + toSession, ...call }),
  );
  const rival = { name: "bare grpc-js", figures };
  tell(rival.name, rival.figures);
  tell("whoami over gRPC", await fire(pid, { url: open + toSession, ...call }), rival);
}

async function logins(pid: number, token: string): Promise<void> {
  const [command, words] = pinned(measuredCore, [process.execPath, "bench/hash.ts", String(seconds)]);
  const hash = {
    name: "the hash alone",
    figures: JSON.parse(
      execFileSync(command, words, { env: { ...process.env, ...environment } }).toString(),
    ) as Figures,
  };
  tell(hash.name, hash.figures);
  tell("login", await measure(pid, () => load(signIn, seconds, 8)), hash);
  const sparse = {
    url: `${open}/sessions/whoami`,
    headers: { "x-session-token": token },
    seconds: seconds * 2,
    connections: 4,
    perSecond: 100,
  };
  const idle = await measure(pid, () => barrage(sparse));
  tell("whoami 100 times a second", idle);
  const storm = load(signIn, seconds * 2 + 0.5, 8);
  const busy = await measure(pid, () => barrage(sparse));
  await storm;
  tell("the same while 8 sign in", busy);
  console.log(`p99 of whoami while 8 sign in: ${(busy.p99 / idle.p99).toFixed(2)} of idle`);
}

/** Something of everything that people and programs ask for all the time. */
async function workMixed(): Promise<void> {
  await createPerson(person.identifier, person.password);
  for (let n = 0; n < 250; n++) await createPerson(`one${n}@example.org`);
  const headers = { "x-session-token": await signIn() };
  let made = 0;
  for (const ask of [
    () => shoot({ url: `${open}/self-service/login/api` }),
    () => shoot({ url: `${open}/sessions/whoami`, headers }),
    signIn,
    () => shoot({ url: `${admin}/admin/identities?page_size=250` }),
    () => createPerson(`made${made++}@example.org`),
  ])
    await load(ask, seconds, 8);
}

const asked = new Set(process.argv.slice(2));
const quick = asked.delete("--quick");
const wanted = (part: string) => asked.has(part);
if (asked.size === 0) await printTable(quick);
if (wanted("start") || wanted("memory")) {
  const bundled = [layOutBundle(), ...serve.slice(1)];
  for (const words of [serve, bundled]) {
    if (wanted("start")) await measureStart(words, environment);
    if (wanted("memory")) await measureMemory(words, environment, `${admin}/health/ready`, workMixed);
  }
}
if (["cpu", "rest", "grpc", "logins"].some(wanted))
  await onServer({}, async (pid, id, token) => {
    if (wanted("cpu")) await costs(pid, id, token);
    if (wanted("rest")) await reads(pid, id, token);
    if (wanted("grpc")) await grpc(pid, token);
    if (wanted("logins")) await logins(pid, token);
    console.log(`memory after load: ${residentMb(pid)} MB`);
  });
if (wanted("cache")) await onServer({ SESSION_CACHE_MODE: "strict" }, (pid, _, token) => cached(pid, token));

if (wanted("tenants")) await measureTenants({ words: serve, environment, open, admin }, seconds);

// Asked for by name only: it makes a million accounts.
if (asked.has("growth"))
  await measureGrowth(
    process.env["OSTIARY_BENCH_DSN"] ?? "postgres://root@127.0.0.1:5432/postgres?sslmode=disable",
    serve,
    environment,
  );

/** Starts a server with 251 people, of whom one is signed in, and works with it. */
async function onServer(
  own: Readonly<Record<string, string>>,
  work: (pid: number, id: string, token: string) => Promise<void>,
): Promise<void> {
  const server = start(serve, { ...environment, ...own });
  server.stderr!.resume();
  try {
    await untilReady(`${admin}/health/ready`);
    const id = await createPerson(person.identifier, person.password);
    for (let n = 0; n < 250; n++) await createPerson(`one${n}@example.org`);
    await work(server.pid!, id, await signIn());
  } finally {
    await stop(server);
  }
}
