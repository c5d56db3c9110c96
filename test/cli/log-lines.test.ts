import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Json } from "../support/client.ts";
import { encoded, wholeTree } from "../support/config.ts";
import { until } from "../support/courier.ts";

const door = fileURLToPath(new URL("../../bin/ostiary.js", import.meta.url));

/** A library that talks: on the console, by warnings and deprecations, and at last by an error that nobody catches. */
const chatter = `
  process.emitWarning("said before anything else", { type: "DeprecationWarning", code: "DEP0999" });
  process.on("SIGUSR2", () => setTimeout(() => { throw new Error("nobody caught this"); }));
  setTimeout(() => {
    console.log("two\\nlines %d", 7); console.info("i"); console.warn(new Error("with a stack")); console.error({ deep: { a: [1] } }); console.debug("d"); console.trace("t"); console.dir({ x: 1 });
    process.emitWarning("odd"); process.emitWarning("old", "DeprecationWarning", "DEP0998");
    new Buffer(1);
  }, 300).unref();
`;

const odd = {
  $schema: "http://json-schema.org/draft-07/schema#",
  properties: {
    traits: {
      type: "object",
      properties: {
        email: { type: "string", format: "email", "ory.sh/kratos": { credentials: { password: { identifier: true } }, recovery: { via: "email" }, verification: { via: "email" } } },
        phone: { type: "string", format: "string" },
        nick: { type: "string", format: "username", unknownKeyword: true, default: 5 },
        other: { type: "string", format: "username", minimum: 3, items: { maxLength: "x".length } },
        both: { type: ["string", "number"], enum: ["a", 1], if: { const: "a" } },
      },
      required: ["email", "none"],
    },
  },
};

interface Served {
  readonly lines: string[];
  readonly exit: Promise<number | null>;
  send(method: string, path: string, body?: Json): Promise<Json>;
  kill(signal: NodeJS.Signals): void;
}

function serve(t: TestContext, format: string): Served {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-lines-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const library = join(folder, "library.mjs");
  writeFileSync(library, chatter);
  const file = join(folder, "kratos.json");
  const tree = {
    dsn: `sqlite://${folder}/odd.sqlite`,
    log: { level: "info", format },
    serve: { public: { host: `unix:${folder}/public.sock` }, admin: { host: `unix:${folder}/admin.sock` } },
    identity: { default_schema_id: "odd", schemas: [{ id: "odd", url: encoded(odd) }] },
    courier: { smtp: { connection_uri: "smtps://me:it@127.0.0.1:1/?skip_ssl_verify=true" } },
    selfservice: { flows: { recovery: { enabled: true }, verification: { enabled: true } }, methods: { code: { enabled: true } } },
  };
  writeFileSync(file, JSON.stringify(wholeTree(tree)));
  const environment = { ...process.env, NODE_OPTIONS: `--import ${library} --pending-deprecation`, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
  const child = spawn(process.execPath, [door, "serve", "--dev", "--watch-courier", "-c", file], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop()!;
      lines.push(...parts);
    });
    stream.on("end", () => rest && lines.push(rest));
  }
  const exit = once(child, "close").then(([code]) => code as number | null);
  const send = (method: string, path: string, body?: Json) =>
    new Promise<Json>((resolve, reject) => {
      const req = request({ socketPath: `${folder}/public.sock`, path, method, headers: { accept: "application/json", ...(body && { "content-type": "application/json" }) } }, async (res) => {
        let text = "";
        for await (const chunk of res) text += String(chunk);
        resolve(JSON.parse(text));
      });
      req.on("error", reject).end(body && JSON.stringify(body));
    });
  return { lines, exit, send, kill: (signal) => void child.kill(signal) };
}

const eventOf = (line: string): Json => {
  const event = JSON.parse(line);
  assert.ok(event.time && event.level && event.event, line);
  return event;
};

test("whatever libraries and Node say, each line of a server is one of its log", async (t) => {
  const server = serve(t, "json");
  await until(() => server.lines.some((line) => line.includes('"listening"')), 20_000);
  const flow = await server.send("GET", "/self-service/recovery/api");
  const submitted = await server.send("POST", new URL(flow.ui.action).pathname + new URL(flow.ui.action).search, { method: "code", email: "nobody@example.org" });
  assert.equal(submitted.state, "sent_email");
  await until(() => server.lines.some((line) => line.includes("DEP0005")), 10_000);
  server.kill("SIGTERM");
  assert.equal(await server.exit, 0);

  const events = server.lines.map(eventOf);
  const remarks = events.filter(({ event }) => event === "an identity schema says what is not looked at");
  assert.deepEqual(remarks.map(({ level, schema, reason }) => [level, schema, /format "(\w+)"/.exec(reason)?.[1]]), [["warn", "odd", "string"], ["warn", "odd", "username"]]);
  const warned = events.filter(({ event }) => event === "Node warns").map(({ id, name }) => id ?? name);
  for (const id of ["DEP0999", "DEP0998", "DEP0005", "Warning"]) assert.ok(warned.includes(id), `${id} of ${warned}`);
  const said = events.filter(({ event }) => event === "a library says");
  assert.deepEqual(said.map(({ level }) => level), ["info", "info", "warn", "error", "info"]);
  assert.equal(said[0].words, "two\nlines 7");
});

test("an error that nobody caught is the last line of the log, and the server's end", async (t) => {
  const server = serve(t, "json");
  await until(() => server.lines.some((line) => line.includes('"listening"')), 20_000);
  server.kill("SIGUSR2");
  assert.equal(await server.exit, 1);
  const last = server.lines.map(eventOf).at(-1);
  assert.deepEqual([last.level, last.error.message], ["error", "nobody caught this"]);
});

test("a log of text has one line for each event too", async (t) => {
  const server = serve(t, "text");
  await until(() => ["listening", "DEP0005"].every((word) => server.lines.some((line) => line.includes(word))), 20_000);
  server.kill("SIGTERM");
  assert.equal(await server.exit, 0);
  for (const line of server.lines) assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z (?:INFO |WARN |ERROR) /);
});
