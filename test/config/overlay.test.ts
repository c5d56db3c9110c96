import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../src/config/config.ts";
import { readOverlay } from "../../src/config/overlay.ts";
import { encoded } from "../support/config.ts";
import { least, readGood, write } from "./written.ts";

const acme = { id: "0195a1b2-0000-7000-8000-00000000000a", hosts: ["login.acme.example"] };
const globex = { id: "0195a1b2-0000-7000-8000-00000000000b", hosts: ["login.globex.example"] };

const good = (file: Config, overlay: unknown, owner = acme): Config => {
  const reading = readOverlay(file, overlay, owner);
  assert.ok(reading.kind === "read", JSON.stringify(reading));
  return reading.config;
};
const bad = (file: Config, overlay: unknown): readonly string[] => {
  const reading = readOverlay(file, overlay, acme);
  assert.ok(reading.kind === "refused", "it is refused");
  return reading.faults;
};
const fileOf = (t: Parameters<typeof write>[0], more = "") => readGood(write(t, least + more));

test("a tenant's settings lie over those of the file, and what it does not name is the file's", (t) => {
  const file = fileOf(t, "session: { lifespan: 5h }\n");
  const config = good(file, {
    session: { cookie: { name: "acme" } },
    selfservice: { methods: { totp: { enabled: true } } },
  });
  assert.equal(config.session.cookie.name, "acme");
  assert.equal(config.session.lifespan, 5 * 3_600_000);
  assert.equal(config.selfservice.methods.totp.enabled, true);
  assert.equal(file.selfservice.methods.totp.enabled, false, "the file's own stay what they are");
});

test("links of a tenant lead to its first host, unless it says otherwise", (t) => {
  const file = fileOf(t, "serve: { public: { base_url: 'https://id.example.org:8443/in/' } }\n");
  assert.equal(good(file, {}).serve.public.base_url, "https://login.acme.example:8443/in/");
  assert.equal(good(file, {}, { ...acme, hosts: [] }).serve.public.base_url, "https://id.example.org:8443/in/");
  const own = good(file, { serve: { public: { base_url: "https://acme.example/" } } });
  assert.equal(own.serve.public.base_url, "https://acme.example/");
  assert.equal(own.selfservice.flows.login.ui_url, "https://acme.example/ui/login");
});

test("what is the server's is no tenant's to configure", (t) => {
  const file = fileOf(t);
  for (const overlay of [
    { dsn: "memory" },
    { hashers: { algorithm: "bcrypt" } },
    { log: { level: "debug" } },
    { dev: true },
    { clients: {} },
  ])
    assert.match(bad(file, overlay)[0]!, /is the server's/, JSON.stringify(overlay));
  assert.match(bad(file, { serve: { public: { port: 1 } } })[0]!, /^serve\.public\.port: is the server's/);
  assert.match(bad(file, { serve: { admin: { base_url: "http://x/" } } })[0]!, /^serve\.admin: is the server's/);
  assert.match(bad(file, { courier: { worker: { pull_count: 1 } } })[0]!, /^courier\.worker: is the server's/);
  assert.match(bad(file, ["session"])[0]!, /must be an object/);
});

test("a tenant's settings are judged by the rules of the file", (t) => {
  const file = fileOf(t);
  assert.match(bad(file, { session: { lifespan: "soon" } })[0]!, /^session\.lifespan: /);
  assert.match(bad(file, { session: { lifetime: "1h" } })[0]!, /^session\.lifetime: unknown key/);
  assert.match(bad(file, { selfservice: { flows: { recovery: { enabled: true } } } })[0]!, /^courier: is required/);
});

test("a tenant's settings name no files of the server", (t) => {
  const file = fileOf(t);
  const schemas = [{ id: "person", url: "file:///etc/passwd" }];
  assert.match(
    bad(file, { identity: { default_schema_id: "person", schemas } })[0]!,
    /^identity\.schemas\[0\]\.url: names a file/,
  );
  assert.match(
    bad(file, { courier: { smtp: { connection_uri: "smtp://h/", client_key_path: "/etc/key" } } })[0]!,
    /names a file/,
  );
  const own = good(file, {
    identity: { default_schema_id: "own", schemas: [{ id: "own", url: encoded({ type: "object" }) }] },
  });
  assert.equal(own.identity.default_schema_id, "own");
});

test("each tenant has secrets of its own, which are the same whenever they are derived", (t) => {
  const file = readGood(
    write(t, least.replace("secrets:\n", "secrets:\n  cipher: [a-cipher-secret-of-32-characters]\n")),
  );
  const [one, again, other] = [good(file, {}), good(file, {}), good(file, {}, globex)];
  assert.deepEqual(one.secrets, again.secrets);
  const all = [file, one, other].flatMap(({ secrets }) => [
    ...secrets.cookie,
    ...secrets.cipher,
    ...secrets.pagination,
  ]);
  assert.equal(
    new Set(all).size,
    all.length - 1,
    "pagination of the file falls back to its cookie secret, and nothing else is alike",
  );
  const named = good(file, { secrets: { cookie: ["a-secret-of-acme-alone"] } });
  assert.deepEqual(named.secrets.cookie, ["a-secret-of-acme-alone"]);
  assert.deepEqual(named.secrets.cipher, one.secrets.cipher);
});

test("sections that a tenant leaves alone are the file's own, and so is what is kept for them", (t) => {
  const file = fileOf(t);
  const config = good(file, { session: { lifespan: "1h" } });
  assert.equal(config.identity, file.identity);
  assert.notEqual(config.session, file.session);
});
