import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../support/client.ts";
import { encoded, personSchema } from "../support/config.ts";
import { startServer } from "../support/server.ts";

const key = "nobody-shall-read-this-secret-1";

test("administrators see what every setting is set to and who has set it, and no secret", async (t) => {
  const { admin } = await startServer(t, {
    config: {
      session: { lifespan: "48h" },
      secrets: { cookie: [`${key}-cookie`] },
      courier: {
        smtp: { connection_uri: `smtp://user:${key}@mail.example:25` },
        channels: [
          {
            id: "sms",
            type: "http",
            request_config: {
              url: `https://user:${key}@sms.example/send`,
              method: "POST",
              headers: { "x-key": key },
              auth: { type: "api_key", config: { name: "x", value: key, in: "header" } },
              body: "base64://e30=",
            },
          },
        ],
      },
      tracing: {
        provider: "otel",
        providers: { otlp: { server_url: "127.0.0.1:1", authorization_header: key, sampling: { sampling_ratio: 0 } } },
      },
      preview: { default_read_consistency_level: "strong" },
    },
  });
  const { status, body } = await admin("GET", "/admin/configuration");
  assert.equal(status, 200);
  assert.doesNotMatch(JSON.stringify(body), new RegExp(key));
  const of = (path: string) => body.settings.find((one: Json) => one.path === path);
  assert.deepEqual([of("session.lifespan").value, of("session.lifespan").written], ["48h", true]);
  assert.deepEqual([of("session.cookie.persistent").value, of("session.cookie.persistent").written], [true, false]);
  assert.deepEqual(of("secrets.cookie").value, ["***"]);
  assert.equal(of("courier.smtp.connection_uri").value, "***");
  assert.equal(of("dsn").value, "***");
  assert.equal(of("courier.channels").value[0].request_config.url, "https://***@sms.example/send");
  assert.ok(of("serve.public.base_url").value, "what follows from other settings is shown as well");
  assert.ok(of("session.lifespan").about.length > 10);
  assert.equal(of("tracing.providers.otlp.authorization_header").value, "***");
  assert.equal(of("preview.default_read_consistency_level").without_effect, true);
  assert.ok(!of("session.lifespan").without_effect);
  assert.deepEqual(
    body.remarks.filter((one: Json) => one.kind === "without_effect"),
    [{ kind: "without_effect", text: "preview" }],
  );
});

test("a tenant's settings are its own: what it has not written is the file's", async (t) => {
  const { admin } = await startServer(t);
  const config = { session: { lifespan: "1h" }, secrets: { cookie: [`${key}-of-acme`] } };
  assert.equal(
    (await admin("POST", "/admin/tenants", { json: { slug: "acme", hosts: ["acme.example"], config } })).status,
    201,
  );
  const read = async (headers: Record<string, string>) =>
    (await admin("GET", "/admin/configuration", { headers })).body;
  const [own, others] = [await read({ "x-tenant": "acme" }), await read({})];
  const of = (from: Json, path: string) => from.settings.find((one: Json) => one.path === path).value;
  assert.deepEqual(
    [of(own, "session.lifespan"), of(others, "session.lifespan")].map(String).map((one) => one === "1h"),
    [true, false],
  );
  assert.match(of(own, "serve.public.base_url"), /acme\.example/);
  assert.doesNotMatch(JSON.stringify(own), new RegExp(key));
});

test("schemas are listed with what is wrong with those that cannot be used", async (t) => {
  const { admin } = await startServer(t, {
    config: {
      identity: {
        default_schema_id: "person",
        schemas: [
          { id: "person", url: encoded(personSchema) },
          { id: "away", url: "http://127.0.0.1:1/person.schema.json" },
        ],
      },
    },
  });
  const { body } = await admin("GET", "/admin/configuration/schemas");
  assert.deepEqual(
    body.map(({ id, is_default, source, fault }: Json) => [id, is_default, source, Boolean(fault)]),
    [
      ["person", true, "", false],
      ["away", false, "http://127.0.0.1:1/person.schema.json", true],
    ],
  );
  assert.equal(body[0].schema.properties.traits.type, "object");
});
