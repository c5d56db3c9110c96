import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { test } from "node:test";
import { least, readBad, readGood, spareSecret, write } from "./written.ts";
import { readConfig } from "../../src/config/load.ts";

test("what is not written has its default", (t) => {
  const config = readGood(write(t, least));
  assert.equal(config.session.lifespan, 86_400_000);
  assert.equal(config.hashers.argon2.memory, 128 * 1024 ** 2);
  assert.equal(config.serve.public.base_url, "http://127.0.0.1:4433/");
  assert.equal(config.selfservice.flows.login.ui_url, "http://127.0.0.1:4433/ui/login");
  assert.deepEqual(config.secrets.pagination, ["a-secret-of-many-letters"]);
  assert.equal(config.selfservice.flows.login.after.password, undefined);
});

test("an unknown key is refused with its line, and the key that was meant", (t) => {
  const file = least.replace("selfservice:\n", "selfservice:\n  methods:\n    pasword: { enabled: true }\n");
  assert.deepEqual(readBad(write(t, file)), [
    "ostiary-0.yml:6: selfservice.methods.pasword: unknown key; did you mean password?",
  ]);
});

test("every fault is told at once, none with its value", (t) => {
  const file = `${least}session: { lifespan: soon, cookie: { persistent: sometimes } }\nserve:\n  public:\n    port: 70000\n`;
  assert.deepEqual(readBad(write(t, file)).toSorted(), [
    "ostiary-0.yml:11: serve.public.port: must be at most 65535",
    "ostiary-0.yml:8: session.cookie.persistent: must be true or false",
    "ostiary-0.yml:8: session.lifespan: must be a duration such as 1h30m",
  ]);
});

test("what is missing is named", (t) => {
  assert.deepEqual(readBad(write(t, "dsn: memory\nsecrets: { cookie: [a-secret-of-many-letters] }\n")), [
    "ostiary-0.yml: identity: is required",
    "ostiary-0.yml: selfservice: is required",
  ]);
});

test("broken YAML is refused with its line and without its text", (t) => {
  const [fault] = readBad(write(t, `${least}session: { cookie: "hush\n`));
  assert.match(fault!, /^ostiary-0\.yml:\d+: not valid YAML/);
  assert.doesNotMatch(fault!, /hush/);
});

test("of several files the later ones win, and lists are replaced", (t) => {
  const second = "session: { cookie: { name: door } }\nsecrets: { cookie: [another-secret-of-letters] }\n";
  const config = readGood(write(t, `${least}session: { lifespan: 1h30m }\n`, second));
  assert.equal(config.session.lifespan, 5_400_000);
  assert.equal(config.session.cookie.name, "door");
  assert.deepEqual(config.secrets.cookie, ["another-secret-of-letters"]);
});

test("JSON is read as well", (t) => {
  const file = JSON.stringify({
    dsn: "memory",
    identity: { schemas: [{ id: "default", url: "file://./person.schema.json" }] },
    selfservice: { default_browser_return_url: "/home" },
    secrets: { default: ["a-secret-of-many-letters"] },
  });
  assert.deepEqual(readGood(write(t, file)).secrets.cookie, ["a-secret-of-many-letters"]);
});

test("a file that is called by another language is read as that, or says so", (t) => {
  const [file] = write(t, "dsn = 'memory'\n");
  const toml = file!.replace(/yml$/, "toml");
  renameSync(file!, toml);
  assert.match(readBad([toml]).join(), /^ostiary-0\.toml: TOML is not read; write it as YAML or JSON$/);
  const [json] = write(t, '{\n\t"dsn": "hush",\n\t"x": [\n');
  renameSync(json!, json!.replace(/yml$/, "json"));
  assert.match(readBad([json!.replace(/yml$/, "json")]).join(), /^ostiary-0\.json:\d+: not valid JSON/);
});

test("modes are octal and the first of several documents counts, as in Kratos", (t) => {
  const config = readGood(write(t, `${least}serve: { public: { socket: { mode: 0750 } } }\n---\ndsn: other\n`));
  assert.equal(config.serve.public.socket.mode, 0o750);
});

test("what is written but not yet in effect is named, a method that is off is not", (t) => {
  const methods = "  methods: { b2b: { config: { organizations: [] } }, lookup_secret: { enabled: false } }\n";
  const file = least.replace("/home\n", `/home\n${methods}`);
  const reading = readConfig({ files: write(t, file), environment: {}, flags: {}, spareSecret });
  assert.ok(reading.kind === "read");
  assert.deepEqual(reading.later, ["selfservice.methods.b2b"]);
});

test("base URLs end in a slash, pages are absolute", (t) => {
  const page = "/home\n  flows: { login: { ui_url: /sign-in } }\n";
  const file = `${least.replace("/home\n", page)}serve: { public: { base_url: "https://id.example/auth" } }\n`;
  const config = readGood(write(t, file));
  assert.equal(config.serve.public.base_url, "https://id.example/auth/");
  assert.equal(config.selfservice.flows.login.ui_url, "https://id.example/sign-in");
});
