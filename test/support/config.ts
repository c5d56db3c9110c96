import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/load.ts";
import { noteFound } from "../../src/config/remarks.ts";
import { noteWritten, writtenTree } from "../../src/config/written.ts";

/** A part of a configuration file. */
export interface ConfigTree {
  readonly [key: string]: unknown;
}

/** A document as an address. */
export const encoded = (schema: object) => `base64://${Buffer.from(JSON.stringify(schema)).toString("base64")}`;

/** An address that is a name to sign in by, and can be verified and recovered by. */
export const emailTrait = {
  type: "string",
  format: "email",
  "ory.sh/kratos": {
    credentials: { password: { identifier: true } },
    verification: { via: "email" },
    recovery: { via: "email" },
  },
};

/** People with an address, a name, and traits of every type. */
export const personSchema = {
  $id: "https://example.org/person.schema.json",
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        email: { ...emailTrait, title: "E-mail" },
        name: { type: "object", properties: { first: { type: "string", title: "First name", minLength: 2 } } },
        age: { type: "integer", minimum: 13 },
        newsletter: { type: "boolean" },
        badge: { type: "string", pattern: "^[A-Z]{2}-[0-9]{3}$" },
        tags: { type: "array", items: { type: "string" }, maxItems: 2 },
      },
      required: ["email"],
      additionalProperties: false,
    },
  },
};

const { email } = personSchema.properties.traits.properties;
const { credentials, ...uses } = email["ory.sh/kratos"];
const byCode = {
  ...email,
  "ory.sh/kratos": { ...uses, credentials: { ...credentials, code: { identifier: true, via: "email" } } },
};

/** People with an address alone, by which they sign in with a password or a code. */
export const codeSchema = {
  ...personSchema,
  $id: "https://example.org/code.schema.json",
  properties: { traits: { ...personSchema.properties.traits, properties: { email: byCode } } },
};

const standard: ConfigTree = {
  dev: true,
  log: { level: "error" },
  serve: {
    public: { base_url: "http://id.example.org/", host: "127.0.0.1" },
    admin: { base_url: "http://admin.example.org/", host: "127.0.0.1" },
  },
  identity: { default_schema_id: "person", schemas: [{ id: "person", url: encoded(personSchema) }] },
  secrets: { cookie: ["a-cookie-secret-of-tests"], cipher: ["a-cipher-secret-of-tests-32-byte"] },
  hashers: { algorithm: "argon2", argon2: { memory: "1MB", iterations: 1, parallelism: 1 } },
  selfservice: {
    default_browser_return_url: "http://app.example.org/",
    allowed_return_urls: ["http://app.example.org"],
    methods: {
      password: { config: { haveibeenpwned_enabled: false } },
      code: { enabled: false },
    },
    flows: {
      error: { ui_url: "http://app.example.org/error" },
      login: { ui_url: "http://app.example.org/login" },
      registration: {
        ui_url: "http://app.example.org/registration",
        style: "unified",
        after: { password: { hooks: [{ hook: "session" }] } },
      },
    },
  },
};

/** The whole of a test's configuration file. */
export const wholeTree = (changes: ConfigTree = {}): ConfigTree => mergeTrees(standard, changes);

/** The configuration of a test: small costs, no network, any free port. */
export function configOf(changes: ConfigTree = {}, environment: NodeJS.ProcessEnv = {}): Config {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-test-"));
  const file = join(folder, "kratos.yml");
  try {
    writeFileSync(file, JSON.stringify(wholeTree(changes)));
    const reading = readConfig({ files: [file], environment, flags: {}, spareSecret: "unused-spare-secret-of-tests" });
    if (reading.kind === "refused") throw new Error(reading.faults.join("\n"));
    return noteFound(anyPort(reading.config), reading);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// A configuration file cannot ask for any free port, which is what keeps tests out of each other's way.
function anyPort(config: Config): Config {
  const { public: open, admin } = config.serve;
  return noteWritten(
    { ...config, serve: { ...config.serve, public: { ...open, port: 0 }, admin: { ...admin, port: 0 } } },
    writtenTree(config),
  );
}

/** A part of a configuration file with changes; lists are replaced as a whole. */
export function mergeTrees(base: ConfigTree, changes: ConfigTree): ConfigTree {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    const before = base[key];
    result[key] = isTree(before) && isTree(value) ? mergeTrees(before, value) : value;
  }
  return result;
}

const isTree = (value: unknown): value is ConfigTree =>
  typeof value === "object" && value !== null && !Array.isArray(value);
