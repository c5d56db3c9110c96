import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { readConfig } from "../../src/config/load.ts";
import type { ConfigTree } from "../support/config.ts";
import { mergeTrees } from "../support/config.ts";
import { readBad, readGood, spareSecret, write } from "./written.ts";

const start: ConfigTree = {
  dsn: "memory",
  identity: { schemas: [{ id: "default", url: "file://./person.schema.json" }] },
  selfservice: { default_browser_return_url: "/home" },
  secrets: { cookie: ["a-secret-of-many-letters"] },
};

/** The tree with a value at a path; a number is a place in a list. */
const at = (path: string, value: unknown): ConfigTree =>
  path
    .split(".")
    .reduceRight<unknown>((inner, key) => (/^\d+$/.test(key) ? [inner] : { [key]: inner }), value) as ConfigTree;

const files = (t: TestContext, ...changes: ConfigTree[]): string[] =>
  write(t, JSON.stringify(changes.reduce(mergeTrees, start), null, 1));

function warningsOf(t: TestContext, ...changes: ConfigTree[]): readonly string[] {
  const reading = readConfig({ files: files(t, ...changes), environment: {}, flags: {}, spareSecret });
  assert.ok(reading.kind === "read", reading.kind === "refused" ? reading.faults.join() : "");
  return reading.warnings.map((warning) => warning.replace(/^.*ostiary-0\.yml:\d+: /, ""));
}

/** Where Kratos' own schema takes keys that it does not know. */
const open = [
  "identity.schemas.0",
  "selfservice.methods.code",
  "selfservice.methods.code.config",
  "selfservice.methods.link.config",
  "selfservice.methods.webauthn.config.rp",
  "selfservice.methods.passkey.config.rp",
  "selfservice.methods.b2b.config.organizations.0",
  "session.whoami.tokenizer",
  "session.whoami.tokenizer.templates.jwt",
  "ciphers",
  "security",
  "security.account_enumeration",
  "database.cleanup",
  "database.cleanup.sleep",
  "clients",
  "clients.http",
  "clients.smtp",
  "clients.web_hook",
  "courier.worker",
  "preview",
];

/** What has to stand beside a key for the rest to be whole. */
const beside: Readonly<Record<string, ConfigTree>> = {
  "identity.schemas.0": { id: "default", url: "file://./person.schema.json" },
  "selfservice.methods.webauthn.config.rp": { id: "example.org", display_name: "E" },
  "selfservice.methods.passkey.config.rp": { id: "example.org", display_name: "E" },
  "session.whoami.tokenizer.templates.jwt": { jwks_url: "file://./jwks.json" },
};

test("a key that Kratos takes without knowing it is told, with the nearest known one", (t) => {
  for (const path of open) {
    const warnings = warningsOf(t, at(path, { ...beside[path], surprise: 1 }));
    assert.equal(warnings.length, 1, path);
    assert.match(warnings[0]!, /surprise: unknown key, which does nothing; the nearest known one is \w+$/, path);
  }
  assert.deepEqual(warningsOf(t, at("security.account_enumeration.mitigat", true)), [
    "security.account_enumeration.mitigat: unknown key, which does nothing; the nearest known one is mitigate",
  ]);
  assert.equal(
    readGood(files(t, at("security.account_enumeration.enabled", true))).security.account_enumeration.mitigate,
    false,
  );
});

test("a key that Kratos refuses is refused", (t) => {
  const strict = [
    "",
    "serve",
    "serve.public",
    "serve.public.cors",
    "selfservice",
    "selfservice.flows.login.after.password",
    "selfservice.methods.password.config",
    "session",
    "session.cookie",
    "session.whoami",
    "cookies",
    "hashers.argon2",
    "log",
    "database",
    "courier",
    "courier.smtp",
    "feature_flags",
    "oauth2_provider",
    "tracing",
  ];
  for (const path of strict)
    assert.match(
      readBad(files(t, path ? at(`${path}.surprise`, 1) : { surprise: 1 })).join(),
      /surprise: unknown key/,
      path,
    );
});

test("hooks of organizations may be configured, wherever Kratos takes them", (t) => {
  const hooks = [
    { hook: "b2b_sso", config: { organization: "x" } },
    { hook: "organization", config: { any: [1] }, more: 1 },
  ];
  for (const place of [
    "login.before",
    "login.after",
    "registration.before",
    "settings.after.profile",
    "verification.after",
  ])
    warningsOf(t, at(`selfservice.flows.${place}.hooks`, hooks), { courier: {} });
});

test("of two schemas with one id the first counts", (t) => {
  const [first, second] = ["a", "b"].map((title) => ({
    id: "default",
    url: `base64://${Buffer.from(JSON.stringify({ title })).toString("base64")}`,
  }));
  assert.deepEqual(
    readGood(files(t, at("identity.schemas", [first, second, { id: "other", url: second!.url }]))).identity.schemas.map(
      ({ id, url }) => [id, url],
    ),
    [
      ["default", first!.url],
      ["other", second!.url],
    ],
  );
});

test("what Argon2 cannot do with is raised to what it can, and said", (t) => {
  const config = readGood(files(t, { hashers: { algorithm: "argon2", argon2: { memory: "1KB", parallelism: 3 } } }));
  assert.equal(config.hashers.argon2.memory, 3 * 8 * 1024);
  const [warning] = warningsOf(t, { hashers: { algorithm: "argon2", argon2: { memory: "1KB", parallelism: 3 } } });
  assert.equal(
    warning,
    "hashers.argon2.memory: is less than Argon2 can do with: 24KB is used, 8KB for each of 3 lanes",
  );
  assert.deepEqual(warningsOf(t, { hashers: { argon2: { memory: "24KB", parallelism: 3 } } }), []);
  assert.match(readBad(files(t, at("hashers.argon2.memory", "900PB"))).join(), /more memory than this machine has/);
});

test("the address of a mail server is judged at the start, and says what to encode", (t) => {
  const faultOf = (uri: string) => readBad(files(t, at("courier.smtp.connection_uri", uri))).join();
  for (const part of ["pa/ss", "pa#ss", "pa?ss", "pa%ss", "12/34", "12#34", "12?34", "%", "%zz"]) {
    const fault = faultOf(`smtp://me:${part}@mail.example.org:2525/`);
    assert.match(fault, /courier\.smtp\.connection_uri: .*\/ as %2F/, part);
    assert.ok(!fault.includes(part) || part.length < 3, "the password is not shown");
  }
  for (const uri of ["smtp://", "smtp:///", "smtp://me:it@", "smtp://host:99999/", "http://host/", "host:25"])
    assert.match(faultOf(uri), /connection_uri: /, uri);
  assert.match(
    readBad(
      files(
        t,
        at("courier.channels", [
          {
            id: "a",
            type: "smtp",
            smtp_config: { connection_uri: "smtp://me:pa/ss@h/" },
            message_types: ["recovery_valid"],
          },
        ]),
      ),
    ).join(),
    /as %2F/,
  );
  for (const uri of [
    "smtp://h",
    "smtps://me:p%2Fs%25@h:25/?skip_ssl_verify=true",
    "smtp://me@example.org:pass@h:25/",
    "smtp://user:@h/",
    "smtp://[::1]:25/",
  ])
    readGood(files(t, at("courier.smtp.connection_uri", uri)));
});

test("what is only looked at when it is first used is judged at the start", (t) => {
  const call = (change: ConfigTree) =>
    at("courier.http.request_config", { url: "https://mail.example.org/", ...change });
  const hook = (change: ConfigTree) =>
    at("selfservice.flows.login.after.hooks", [
      { hook: "web_hook", config: { url: "https://x.example/", method: "POST", ...change } },
    ]);
  const bad: readonly ConfigTree[] = [
    call({ url: "https://[::1/" }),
    call({ url: "ftp://mail.example.org/" }),
    call({ method: "PO ST" }),
    call({ method: "CONNECT" }),
    call({ headers: { "X Y": "1" } }),
    call({ headers: { "X-Y": "one\ntwo" } }),
    call({ headers: { "X-Y": "Zo\u0308\u2603" } }),
    call({ body: "ftp://x/y" }),
    call({ auth: { type: "api_key", config: { name: "X Y", value: "v", in: "header" } } }),
    call({ auth: { type: "api_key", config: { name: "X", value: "v\r\nA: b", in: "header" } } }),
    hook({ url: "https://[::1/" }),
    hook({ url: "ftp://x.example/" }),
    hook({ method: "" }),
    hook({ headers: { "": "1" } }),
    hook({ body: "ftp://x/y" }),
    hook({ response: { ignore: true, parse: true } }),
    at("courier.smtp.headers", { "X-Y": "one\ntwo" }),
    at("courier.smtp.headers", { "X Y:": "1" }),
    at("courier.smtp.from_name", "one\ntwo"),
    at("courier.smtp.local_name", "a b"),
    at("courier.smtp.client_cert_path", "/nowhere.pem"),
    at("courier.smtp", { client_cert_path: "/nowhere.pem", client_key_path: "/nowhere.key" }),
    at("serve.public.base_url", "http://[::1"),
    at("serve.admin.base_url", "http://a b/"),
    at("selfservice.default_browser_return_url", "http://[::1"),
    at("selfservice.allowed_return_urls", ["https://[*"]),
    at("selfservice.flows.login.ui_url", "https://a:99999/"),
    at("selfservice.methods.link.config.base_url", "https://a:99999/"),
    at("serve.public.cors.allowed_headers", ["X Y"]),
    at("clients.web_hook.header_allowlist", ["X Y"]),
    at("serve.trusted_proxies.networks", ["10.0.0.0/33"]),
    at("session.cookie.name", "a b"),
    at("session.lifespan", "9999999999h"),
    at("hashers.bcrypt.cost", 32),
    at("selfservice.methods.password.config.haveibeenpwned_host", "https://x/"),
    at("secrets.cipher", ["short"]),
    at("secrets.default", ["short"]),
  ];
  for (const change of bad) assert.ok(readBad(files(t, change)).length > 0, JSON.stringify(change));
});

test("paths are put behind an address without its query", (t) => {
  const { base_url } = readGood(files(t, at("serve.public.base_url", "https://id.example.org/a?b=c#d"))).serve.public;
  assert.equal(base_url, "https://id.example.org/a/");
});

test("what Kratos goes on with, and browsers do not, is told", (t) => {
  const key = (method: string, rp: ConfigTree) =>
    at(`selfservice.methods.${method}.config.rp`, { id: "example.org", display_name: "E", ...rp });
  const odd: readonly (readonly [ConfigTree, RegExp])[] = [
    [
      at("serve.public.cors.allowed_origins", ["https://app.example.org/path"]),
      /allowed_origins\[0\]: should be an origin, .*: no page will be let in by it/,
    ],
    [at("serve.public.cors.allowed_origins", ["app.example.org"]), /should be an origin/],
    [at("serve.public.cors.allowed_origins", ["https://[::1"]), /should be an origin/],
    [key("passkey", { origins: ["https://app.example.com"] }), /pages of app\.example\.com/],
    [key("webauthn", { origin: "https://example.com" }), /pages of example\.com/],
    [
      mergeTrees(at("courier.delivery_strategy", "http"), at("selfservice.flows.recovery.enabled", true)),
      /courier\.http\.request_config: is not set.*nothing will be sent/,
    ],
    [at("selfservice.methods.code.passwordless_enabled", true), /courier\.smtp\.connection_uri: is not set/],
    [
      at("serve.public.base_url", "https://id.example.org/a?b=c#d"),
      /serve\.public\.base_url: has a query or a fragment/,
    ],
    [
      at("selfservice.methods.totp.config.issuer", "x".repeat(65)),
      /totp\.config\.issuer: is longer than 64 characters/,
    ],
    [key("passkey", { id: "localhost:3000" }), /rp\.id: should be a domain alone/],
    [key("webauthn", { id: "https://example.org/webauthn" }), /rp\.id: should be a domain alone/],
    [key("passkey", { origins: ["https://a:99999"] }), /origins\[0\]: should be an origin/],
    [
      at("cookies.domain", "localhost:3000"),
      /cookies\.domain: should be a domain, .*: cookies are set for this host alone/,
    ],
    [at("session.cookie.domain", "a; Secure"), /session\.cookie\.domain: should be a domain/],
    [at("cookies.path", "/a;b"), /cookies\.path: should be a path/],
    [
      at("selfservice.methods.password.config.min_password_length", 73),
      /min_password_length: is more than the 72 bytes/,
    ],
    [at("identity.default_schema_id", "person"), /default_schema_id: names no schema/],
    [
      at("identity.schemas", [
        { id: "default", url: "base64://e30=" },
        { id: "default", url: "base64://e30=" },
      ]),
      /identity\.schemas: uses an id twice: the first of them counts/,
    ],
  ];
  for (const [change, expected] of odd) assert.match(warningsOf(t, change).join(), expected);
  assert.deepEqual(
    warningsOf(
      t,
      at("serve.public.cors.allowed_origins", [
        "https://app.example.org/",
        "https://*.example.org",
        "http://localhost:3000",
        "*",
      ]),
    ),
    [],
  );
  const { session, cookies } = readGood(
    files(t, { cookies: { domain: "localhost:3000", path: "/a;b" }, session: { cookie: { domain: "a; Secure" } } }),
  );
  assert.deepEqual(
    [cookies.domain, cookies.path, session.cookie.domain, session.cookie.path],
    [undefined, "/", undefined, "/"],
  );
});
