import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../src/config/config.ts";
import { parseDuration } from "../../src/config/duration.ts";
import { readConfig } from "../../src/config/load.ts";
import { pagelessFlows } from "../../src/config/pageless.ts";
import { parseMemorySize } from "../../src/config/memory-size.ts";
import { least, readBad, readGood, spareSecret, write } from "./written.ts";

const withSelfservice = (yaml: string) => least.replace("/home\n", `/home\n${yaml}`);

test("durations and sizes are read", () => {
  assert.equal(parseDuration("1h30m"), 5_400_000);
  assert.equal(parseDuration("1500us"), 1.5);
  assert.equal(parseDuration("0s"), 0);
  for (const bad of ["", "1", "1d", "-1s", "1.5h", "1h ", "h"]) assert.equal(parseDuration(bad), undefined, bad);
  assert.equal(parseMemorySize("128MB"), 134_217_728);
  assert.equal(parseMemorySize("128 MB"), undefined);
});

test("a database of an unknown kind is refused where it is written, without showing it", (t) => {
  const [fault] = readBad(write(t, least.replace("dsn: memory", "dsn: oracle://scott:tiger@db/x")));
  assert.match(fault!, /^ostiary-0\.yml:1: dsn: must be memory, or begin with sqlite:/);
  assert.doesNotMatch(fault!, /tiger/);
  for (const dsn of ["sqlite3://a.sqlite", "postgresql://h/d", "cockroachdb://h/d", "mysql://u@tcp(h)/d"])
    assert.equal(readGood(write(t, least.replace("dsn: memory", `dsn: "${dsn}"`))).dsn, dsn);
});

test("a cache that depends on locks is refused on a database that does not keep them", (t) => {
  const file = `${least.replace("dsn: memory", "dsn: cockroach://root@h/d")}\nsession: { cache: { mode: strict } }\n`;
  assert.match(readBad(write(t, file))[0]!, /session\.cache\.mode: is not to be had on CockroachDB/);
  assert.equal(readGood(write(t, file.replace("strict", "ttl"))).session.cache.mode, "ttl");
});

test("an OAuth 2.0 server is Hydra where it has an address, and the one that comes along where that is wanted", (t) => {
  const modeOf = (yaml: string) => readGood(write(t, `${least}\noauth2_provider: ${yaml}\n`)).oauth2_provider.mode;
  assert.deepEqual(
    ["{}", "{ url: http://hydra:4445 }", "{ url: http://hydra:4445, mode: off }", "{ mode: embedded }"].map(modeOf),
    ["off", "hydra", "off", "embedded"],
  );
  const refused = (yaml: string) => readBad(write(t, `${least}\noauth2_provider: ${yaml}\n`)).join();
  assert.match(refused("{ mode: hydra }"), /oauth2_provider\.url: is required/);
  assert.match(refused("{ url: http://hydra:4445, timeout: 1ms }"), /timeout: must be from 100ms/);
});

test("pages that nobody configured are named, if people will be sent there", (t) => {
  const flows = "  flows: { login: { ui_url: /in }, registration: { enabled: false }, error: { ui_url: /oh } }\n";
  const built = readGood(write(t, withSelfservice(flows)));
  assert.deepEqual(pagelessFlows(built), [], "the pages that come along are there for the others");
  const config = readGood(write(t, withSelfservice(`${flows}  pages: { enabled: false }\n`)));
  assert.deepEqual(pagelessFlows(config), ["selfservice.flows.settings.ui_url"]);
  assert.equal(config.selfservice.flows.settings.ui_url, "http://127.0.0.1:4433/ui/settings");
});

test("verification and recovery need a courier", (t) => {
  const file = withSelfservice("  flows: { recovery: { enabled: true } }\n");
  assert.match(readBad(write(t, file))[0]!, /courier: is required by selfservice\.flows\.recovery\.enabled/);
  const both = withSelfservice("  flows: { recovery: { enabled: true }, verification: { enabled: true } }\n");
  assert.equal(readGood(write(t, both)).courier.smtp.connection_uri, undefined, "as Kratos' rule has it");
  const courier = "courier: { smtp: { connection_uri: 'smtp://127.0.0.1:25/' } }\n";
  assert.ok(readGood(write(t, `${file}${courier}`)).selfservice.flows.recovery.enabled);
});

test("a hook is taken only where it belongs", (t) => {
  const file = withSelfservice("  flows:\n    login:\n      after:\n        hooks: [{ hook: session }]\n");
  assert.match(
    readBad(write(t, file))[0]!,
    /^ostiary-0\.yml:9: selfservice\.flows\.login\.after\.hooks\[0\]: needs "hook", one of/,
  );
});

test("a hook whose answer is ignored cannot have its say", (t) => {
  const hook =
    "{ hook: web_hook, config: { url: 'https://x.example', method: POST, can_interrupt: true, response: { ignore: true } } }";
  const file = withSelfservice(`  flows: { login: { after: { hooks: [${hook}] } } }\n`);
  assert.match(readBad(write(t, file))[0]!, /cannot have its say/);
});

test("Microsoft needs a tenant and Apple a key instead of a secret", (t) => {
  const faultOf = (keys: string) => {
    const provider = `{ id: p, client_id: us, mapper_url: "file://./p.jsonnet", ${keys} }`;
    return readBad(write(t, withSelfservice(`  methods: { oidc: { config: { providers: [${provider}] } } }\n`)))[0]!;
  };
  assert.match(faultOf("provider: microsoft, client_secret: hush"), /needs microsoft_tenant/);
  assert.match(faultOf("provider: apple, client_secret: hush"), /takes no client_secret/);
  assert.match(faultOf("provider: generic"), /needs client_secret/);
});

test("the session cookie inherits what it does not set", (t) => {
  const yaml = "cookies: { domain: example.org, secure: false }\nsession: { cookie: { same_site: Strict } }\n";
  const { cookie } = readGood(write(t, `${least}${yaml}`)).session;
  assert.deepEqual(
    [cookie.domain, cookie.path, cookie.secure, cookie.same_site],
    ["example.org", "/", "false", "Strict"],
  );
});

test("wildcards that let in domains of strangers are ignored, unless the operator insists", (t) => {
  const wide = [
    "https://*",
    "https://*.com",
    "https://*.CO.UK",
    "https://*.github.io",
    "http://*:3000",
    "https://*example.org",
    "https://*-shop.co.uk",
  ];
  const good = [
    "https://*.example.org",
    "https://*.example.co.uk",
    "https://*.shop.internal",
    "http://*.localhost:3000",
    "https://*-test.example.org",
  ];
  const list = JSON.stringify([...wide, ...good]);
  const file = `${withSelfservice(`  allowed_return_urls: ${list}\n`)}serve: { public: { cors: { enabled: true, allowed_origins: ${list} } } }\n`;
  const listsOf = ({ serve, selfservice }: Config) => [
    serve.public.cors.allowed_origins,
    selfservice.allowed_return_urls,
  ];
  assert.deepEqual(listsOf(readGood(write(t, file))), [good, good]);
  const insistent = write(t, `${file}feature_flags: { legacy_allow_insecure_origins: true }\n`);
  assert.deepEqual(listsOf(readGood(insistent)), [
    [...wide, ...good],
    [...wide, ...good],
  ]);
  for (const [files, fate] of [
    [write(t, file), "ignored"],
    [insistent, "let in"],
  ] as const) {
    const reading = readConfig({ files, environment: {}, flags: {}, spareSecret });
    assert.ok(
      reading.kind === "read" &&
        reading.insecure.includes(`https://*.com stands for domains of strangers, and is ${fate}`),
    );
  }
});

test("cookies named __Host- have the attributes without which browsers drop them", (t) => {
  const faultsOf = (keys: string, cookies = "") =>
    readBad(write(t, `${least}${cookies}session: { cookie: { name: __Host-session${keys} } }\n`)).join();
  for (const keys of [", domain: example.org", ", path: /app", ", secure: false"])
    assert.match(faultsOf(keys), /session\.cookie\.name: begins with __Host-, which needs/);
  assert.match(faultsOf("", "cookies: { domain: example.org }\n"), /__Host-/);
  assert.equal(
    readGood(write(t, `${least}session: { cookie: { name: __Host-session } }\n`)).session.cookie.name,
    "__Host-session",
  );
});
