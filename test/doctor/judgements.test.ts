import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../src/doctor/examine.ts";
import type { DoctorFinding } from "../../src/doctor/finding.ts";
import { judgeCertificate } from "../../src/doctor/certificates.ts";
import { judgeHashTime } from "../../src/doctor/hashing.ts";
import { judgeClock } from "../../src/doctor/probe/database.ts";
import { judgeReturn } from "../../src/doctor/probe/providers.ts";
import { judgeReading } from "../../src/doctor/reading.ts";
import { makeCertificate } from "../support/certificate.ts";
import { configOf } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";

const gib = 1024 ** 3;
const machine = { cores: 2, memoryBytes: 4 * gib, node: "24.21.0", poolSize: 6 };
const strong = "b2f0c4d86e1a9753b2f0c4d86e1a9753";
const https = "https://id.example.org/";
const safe: ConfigTree = {
  dsn: "sqlite://x.sqlite",
  dev: false,
  serve: {
    public: { base_url: https, cors: { enabled: true, allowed_origins: ["https://app.example.org"] } },
    trusted_proxies: { networks: [] },
  },
  secrets: { cookie: [strong], cipher: [strong] },
  hashers: { algorithm: "argon2", argon2: { memory: "19MB", iterations: 2, parallelism: 1 } },
  selfservice: {
    flows: Object.fromEntries(
      ["login", "registration", "error"].map((flow) => [flow, { ui_url: `https://app.example.org/${flow}` }]),
    ),
  },
};

function merged(base: ConfigTree, changes: ConfigTree): ConfigTree {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const before = result[key];
    const both = [before, value].every((one) => typeof one === "object" && one !== null && !Array.isArray(one));
    result[key] = both ? merged(before as ConfigTree, value as ConfigTree) : value;
  }
  return result;
}

const judged = (changes: ConfigTree = {}, of = machine): DoctorFinding[] =>
  judge({ config: configOf(merged(safe, changes)), spareSecret: "unused-spare-secret-of-tests", machine: of }).filter(
    ({ severity }) => severity !== "ok",
  );

/** What is found, as `severity key`. */
const found = (findings: readonly DoctorFinding[]) =>
  findings.map(({ severity, aspect, where }) => `${severity} ${where ?? aspect}`);

test("a server that is set up well is told nothing but what is fine", () => {
  assert.deepEqual(judged(), [
    {
      aspect: "courier",
      severity: "note",
      where: "courier.smtp.connection_uri",
      reason: "It is not set; nothing that is switched on sends mail.",
      cure: "Set it: smtp://user:password@mail.example.org:587/",
    },
  ]);
});

const mail = "note courier.smtp.connection_uri";
const page = "selfservice.flows.login.ui_url, selfservice.flows.registration.ui_url, selfservice.flows.error.ui_url";
const cases: readonly (readonly [title: string, changes: ConfigTree, expected: readonly string[]])[] = [
  [
    "http to browsers elsewhere",
    { serve: { public: { base_url: "http://id.example.org/" } } },
    ["error serve.public.base_url", `error ${page}`, mail],
  ],
  ["pages on another site", { serve: { public: { base_url: "https://id.example.com/" } } }, [`error ${page}`, mail]],
  [
    "public suffixes are no sites",
    { serve: { public: { base_url: "https://id.github.io/" } } },
    [`error ${page}`, mail],
  ],
  ["a cookie's domain of others", { cookies: { domain: "example.com" } }, ["error cookies.domain", mail]],
  [
    "an origin that is not listed",
    { serve: { public: { cors: { allowed_origins: ["https://x.example.org"] } } } },
    ["warning serve.public.cors.allowed_origins", mail],
  ],
  ["no CORS", { serve: { public: { cors: { enabled: false } } } }, ["note serve.public.cors.enabled", mail]],
  ["an open admin port", { serve: { admin: { host: "0.0.0.0" } } }, ["error serve.admin.host", mail]],
  [
    "an admin port that asks, in the clear",
    { serve: { admin: { host: "0.0.0.0", authentication: { required: true } } } },
    ["warning serve.admin.tls", mail],
  ],
  ["a proxy without a name", { serve: { trusted_proxies: null } }, ["note serve.trusted_proxies.networks", mail]],
  [
    "an example's secret",
    { secrets: { cookie: ["an-example-that-everybody-can-read-here"] } },
    ["error secrets.cookie[0]", mail],
  ],
  ["a short secret", { secrets: { cookie: ["3f9c1b7de0a84526"] } }, ["error secrets.cookie[0]", mail]],
  [
    "no cipher",
    { secrets: { cipher: [] }, selfservice: { methods: { totp: { enabled: true } } } },
    ["note secrets.cipher", mail],
  ],
  [
    "mail without a way",
    { selfservice: { methods: { code: { enabled: true, passwordless_enabled: true } } } },
    ["error courier.smtp.connection_uri"],
  ],
  ["an inbox for everybody", { courier: { inbox: true } }, ["error courier.inbox"]],
  [
    "somebody else's sender",
    { courier: { smtp: { connection_uri: "smtp://mail.example.org/" } } },
    ["warning courier.smtp.from_address"],
  ],
  ["a database that forgets", { dsn: "memory" }, [mail, "error dsn"]],
  ["weak hashing", { hashers: { argon2: { memory: "4MB", iterations: 1 } } }, [mail, "warning hashers.argon2.memory"]],
  [
    "more memory than there is",
    { hashers: { argon2: { memory: "1500MB", iterations: 1 } } },
    [mail, "error hashers.argon2.memory"],
  ],
  [
    "bcrypt that is too cheap",
    { hashers: { algorithm: "bcrypt", bcrypt: { cost: 4 } } },
    [mail, "warning hashers.bcrypt.cost"],
  ],
  [
    "keys for another domain",
    {
      selfservice: {
        methods: {
          passkey: { enabled: true, config: { rp: { id: "id.example.org", display_name: "x", origins: [https] } } },
        },
      },
    },
    ["error selfservice.methods.passkey.config.rp.id", mail],
  ],
];

for (const [title, changes, expected] of cases)
  test(`${title}: ${expected[0]}`, () => {
    const findings = judged(changes);
    // The passkey's party may be said of more than one key.
    assert.deepEqual(found(findings).toSorted(), [...expected].toSorted());
    for (const { severity, cure } of findings) assert.ok(severity === "note" || cure, "what is wrong has a cure");
  });

test("localhost and 127.0.0.1 are two sites to browsers, which is told to those who develop", () => {
  const pages = Object.fromEntries(
    ["login", "registration", "error"].map((flow) => [flow, { ui_url: `http://127.0.0.1:3000/${flow}` }]),
  );
  const findings = judged({
    dev: true,
    serve: { public: { base_url: "http://localhost:4433/" } },
    selfservice: { flows: pages },
  });
  const hosts = findings.find(({ aspect }) => aspect === "hosts")!;
  assert.equal(hosts.severity, "error");
  assert.match(hosts.cure!, /Use one name for both/);
});

test("Node, its threads, hash times, clocks and certificates are judged by their figures", () => {
  assert.deepEqual(found(judged({}, { ...machine, node: "20.1.0", poolSize: 4 })), [
    mail,
    "error runtime",
    "note UV_THREADPOOL_SIZE",
  ]);
  assert.deepEqual(found(judged({}, { ...machine, node: "26.0.0" })), [mail, "warning runtime"]);
  const { hashers } = configOf(safe);
  assert.deepEqual(
    [80, 1500].map((ms) => judgeHashTime(ms, hashers).severity),
    ["ok", "warning"],
  );
  assert.deepEqual(
    [10, -2000, 9000].map((ms) => judgeClock(ms)[0]!.severity),
    ["ok", "note", "warning"],
  );
  const { cert } = makeCertificate("id.example.org");
  const at = (baseUrl: string, days: number) =>
    judgeCertificate("public", cert, { baseUrl, now: new Date(Date.now() + days * 86_400_000) }).map(
      ({ severity }) => severity,
    );
  assert.deepEqual(at(https, -30), ["ok"]);
  assert.deepEqual(at(https, 0), ["warning"]);
  assert.deepEqual(at("https://other.example.org/", 5), ["error", "error"]);
});

test("providers send nobody back without https, but to this machine", () => {
  const back = (base_url: string) => judgeReturn(configOf(merged(safe, { serve: { public: { base_url } } }))).length;
  assert.deepEqual([https, "http://localhost:4433/", "http://id.example.org/"].map(back), [0, 0, 1]);
});

test("what reading the configuration has told is passed on, but for what is judged with a cure", () => {
  const told = judgeReading({
    warnings: ["x: is odd", "courier.smtp.connection_uri: is not set"],
    insecure: ["secrets.cookie is not set"],
    later: ["tracing"],
    deprecated: ["organizations"],
  });
  assert.deepEqual(
    told.map(({ severity, reason, where }) => `${severity} ${where ?? reason}`),
    ["warning x: is odd", "warning tracing", "note organizations"],
  );
});
