import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/load.ts";
import { least, readBad, readGood, write } from "./written.ts";

test("a variable overrides the file, whatever underscores its keys have", (t) => {
  const config = readGood(write(t, `${least}session: { lifespan: 1h }\n`), {
    SESSION_LIFESPAN: "2h",
    SELFSERVICE_METHODS_PASSWORD_CONFIG_MIN_PASSWORD_LENGTH: "12",
    SELFSERVICE_METHODS_LOOKUP_SECRET_ENABLED: "true",
    SERVE_PUBLIC_BASE_URL: "https://id.example",
    SELFSERVICE_DEFAULT_BROWSER_RETURN_URL: "/elsewhere",
  });
  assert.equal(config.session.lifespan, 7_200_000);
  assert.equal(config.selfservice.methods.password.config.min_password_length, 12);
  assert.equal(config.selfservice.methods.lookup_secret.enabled, true);
  assert.equal(config.serve.public.base_url, "https://id.example/");
  assert.equal(config.selfservice.default_browser_return_url, "/elsewhere");
});

test("lists are JSON, set apart by commas, or set one by one", (t) => {
  const provider = {
    id: "op",
    provider: "generic",
    client_id: "us",
    client_secret: "hush",
    mapper_url: "file://./op.jsonnet",
  };
  const config = readGood(write(t, least), {
    SECRETS_COOKIE: "first-secret-of-letters, second-secret-of-letters",
    SELFSERVICE_METHODS_OIDC_CONFIG_PROVIDERS: JSON.stringify([provider]),
    SELFSERVICE_METHODS_OIDC_CONFIG_PROVIDERS_0_CLIENT_ID: "them",
    IDENTITY_SCHEMAS_0_SELFSERVICE_SELECTABLE: "true",
  });
  assert.deepEqual(config.secrets.cookie, ["first-secret-of-letters", "second-secret-of-letters"]);
  assert.equal(config.selfservice.methods.oidc.config.providers[0]!.client_id, "them");
  assert.deepEqual(config.identity.schemas, [
    { id: "default", url: "file://./person.schema.json", selfservice_selectable: true },
  ]);
});

test("a fault names the variable, not the value", (t) => {
  assert.deepEqual(readBad(write(t, least), { SERVE_ADMIN_PORT: "many", SECRETS_COOKIE: "short" }), [
    "environment SERVE_ADMIN_PORT: serve.admin.port: must be a whole number",
    "environment SECRETS_COOKIE: secrets.cookie[0]: must have at least 16 characters",
  ]);
});

test("variables of other programs are left alone", (t) => {
  readGood(write(t, least), { VERSION: "1.2.3", HOME: "/root", CONFIG_DIR: "/etc", SERVE: undefined });
});

test("flags win over variables", (t) => {
  assert.equal(readGood(write(t, least), { DEV: "false" }, { dev: true }).dev, true);
});

test("native flows from browsers are a switch of development mode, and the log says what became of it", (t) => {
  const files = write(t, least);
  const read = (dev: boolean) => {
    const reading = readConfig({
      files,
      environment: { DEV_DISABLE_API_FLOW_ENFORCEMENT: "true" },
      flags: { dev },
      spareSecret: "unused-spare-secret",
    });
    return reading.kind === "read"
      ? [reading.config.native_flows_from_browsers, reading.insecure.find((reason) => reason.startsWith("DEV_"))]
      : [];
  };
  assert.deepEqual(read(true), [
    true,
    "DEV_DISABLE_API_FLOW_ENFORCEMENT is on: native flows are taken from browsers, whatever page made them ask",
  ]);
  assert.deepEqual(read(false), [false, "DEV_DISABLE_API_FLOW_ENFORCEMENT has no effect outside development mode"]);
});
