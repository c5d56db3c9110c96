import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Client } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import { emailTrait, encoded, mergeTrees } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { until } from "../support/courier.ts";
import { startProcess } from "../support/server-process.ts";
import type { ServerProcess } from "../support/server-process.ts";

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
        email: emailTrait,
        phone: { type: "string", format: "string" },
        nick: { type: "string", format: "username", unknownKeyword: true, default: 5 },
        other: { type: "string", format: "username", minimum: 3, items: { maxLength: "x".length } },
        both: { type: ["string", "number"], enum: ["a", 1], if: { const: "a" } },
      },
      required: ["email", "none"],
    },
  },
};

/** A server whose every part has something to say. */
function serve(t: TestContext, format: string, more: ConfigTree = {}): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-lines-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const library = join(folder, "library.mjs");
  writeFileSync(library, chatter);
  const tree = {
    dsn: `sqlite://${folder}/odd.sqlite`,
    log: { level: "info", format },
    "watch-courier": true,
    identity: { default_schema_id: "odd", schemas: [{ id: "odd", url: encoded(odd) }] },
    courier: { smtp: { connection_uri: "smtps://me:it@127.0.0.1:1/?skip_ssl_verify=true" } },
    selfservice: {
      flows: { recovery: { enabled: true }, verification: { enabled: true } },
      methods: { code: { enabled: true } },
    },
  };
  const environment = { NODE_OPTIONS: `--import ${library} --pending-deprecation`, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
  return startProcess(t, { config: mergeTrees(tree, more), environment });
}

const eventOf = (line: string): Json => {
  const event = JSON.parse(line);
  assert.ok(event.time && event.level && event.event, line);
  return event;
};

test("whatever libraries and Node say, each line of a server is one of its log", async (t) => {
  const server = await serve(t, "json");
  const native = new Client(server.publicUrl);
  const { body: flow } = await native.get("/self-service/recovery/api");
  const submitted = await native.post(flow.ui.action, { method: "code", email: "nobody@example.org" });
  assert.equal(submitted.body.state, "sent_email");
  await until(() => server.lines.some((line) => line.includes("DEP0005")), 10_000);
  assert.equal(await server.stop(), 0);

  const events = server.lines.map(eventOf);
  const remarks = events.filter(({ event }) => event === "an identity schema says what is not looked at");
  assert.deepEqual(
    remarks.map(({ level, schema, reason }) => [level, schema, /format "(\w+)"/.exec(reason)?.[1]]),
    [
      ["warn", "odd", "string"],
      ["warn", "odd", "username"],
    ],
  );
  const warned = events.filter(({ event }) => event === "warning from Node.js").map(({ id, name }) => id ?? name);
  for (const id of ["DEP0999", "DEP0998", "DEP0005", "Warning"]) assert.ok(warned.includes(id), `${id} of ${warned}`);
  const said = events.filter(({ event }) => event === "message from a library");
  assert.deepEqual(
    said.map(({ level }) => level),
    ["info", "info", "warn", "error", "info"],
  );
  assert.equal(said[0].words, "two\nlines 7");
});

test("an error that nobody caught is the last line of the log, and the server's end", async (t) => {
  const server = await serve(t, "json");
  assert.equal(await server.stop("SIGUSR2"), 1);
  await until(() => server.lines.some((line) => line.includes("nobody caught")), 10_000);
  const last = server.lines.map(eventOf).at(-1);
  assert.deepEqual([last.level, last.error.message], ["error", "nobody caught this"]);
});

test("a log of text has one line for each event too", async (t) => {
  const server = await serve(t, "text");
  await until(() => server.lines.some((line) => line.includes("DEP0005")), 10_000);
  assert.equal(await server.stop(), 0);
  for (const line of server.lines) assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z (?:INFO |WARN |ERROR) /);
});
