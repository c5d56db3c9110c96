import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, evaluate } from "@ostiary/jsonnet";
import { failureOf } from "./support.ts";

const registration = {
  flow: { id: "f1", type: "browser", transient_payload: { newsletter: true } },
  identity: {
    id: "i1",
    schema_id: "person",
    traits: { email: "Ada@Example.org", name: { first: "Ada", last: "Lovelace" } },
    verifiable_addresses: [{ value: "ada@example.org", verified: false }],
  },
  request_headers: { "User-Agent": ["curl/8"], "X-Forwarded-For": ["203.0.113.7", "10.0.0.1"] },
  request_cookies: {},
};

test("a web hook says what has happened, and nothing at all where nobody wants to hear it", () => {
  const body = compile(`
    function(ctx)
      // Nobody is written to who did not ask for it.
      if !std.get(ctx.flow.transient_payload, 'newsletter', false) then error 'cancel'
      else {
        local name = ctx.identity.traits.name,
        email: std.asciiLower(ctx.identity.traits.email),
        merge_fields: { FNAME: name.first, [if 'last' in name then 'LNAME']: name.last },
        unconfirmed: [address.value for address in ctx.identity.verifiable_addresses if !address.verified],
        from: std.get(ctx.request_headers, 'X-Forwarded-For', ['unknown'])[0],
      }
  `);
  assert.deepEqual(body.evaluate({ topLevelArguments: { ctx: registration } }), {
    email: "ada@example.org",
    from: "203.0.113.7",
    merge_fields: { FNAME: "Ada", LNAME: "Lovelace" },
    unconfirmed: ["ada@example.org"],
  });
  const silent = { ...registration, flow: { ...registration.flow, transient_payload: {} } };
  assert.throws(() => body.evaluate({ topLevelArguments: { ctx: silent } }), { kind: "runtime", reason: "cancel" });
});

test("claims of a provider become traits, if it vouches for the address", () => {
  const mapping = compile(`
    local claims = { email_verified: false } + std.extVar('claims');
    local names = std.splitLimit(std.get(claims, 'name', ''), ' ', 1);
    {
      identity: {
        traits: {
          [if 'email' in claims && claims.email_verified then 'email']: claims.email,
          name: { first: names[0], [if std.length(names) > 1 then 'last']: names[1] },
        },
        metadata_public: { picture: std.get(claims, 'picture') },
      },
    }
  `);
  const traits = (claims: object) =>
    (mapping.evaluate({ extVars: { claims } }) as { identity: { traits: object } }).identity.traits;
  assert.deepEqual(traits({ sub: "1", email: "ada@example.org", email_verified: true, name: "Ada King Lovelace" }), {
    email: "ada@example.org",
    name: { first: "Ada", last: "King Lovelace" },
  });
  assert.deepEqual(traits({ sub: "1", email: "ada@example.org", name: "Ada" }), { name: { first: "Ada" } });
  assert.deepEqual(traits({ sub: "1" }), { name: { first: "" } });
});

test("a message becomes what another service wants to be told", () => {
  const body = compile(`
    function(ctx) {
      local templates = { recovery_code_valid: 'd-recovery', verification_code_valid: 'd-verification' },
      template_id: std.get(templates, ctx.template_type, error 'no template for ' + ctx.template_type),
      personalizations: [{ to: [{ email: ctx.recipient }], dynamic_template_data: std.prune(ctx.template_data) }],
      from: { email: 'no-reply@example.org' },
    }
  `);
  const ctx = {
    recipient: "ada@example.org",
    template_type: "recovery_code_valid",
    template_data: { recovery_code: "123456", identity: null, list: [] },
  };
  assert.deepEqual(body.evaluate({ topLevelArguments: { ctx } }), {
    from: { email: "no-reply@example.org" },
    personalizations: [{ dynamic_template_data: { recovery_code: "123456" }, to: [{ email: "ada@example.org" }] }],
    template_id: "d-recovery",
  });
  assert.throws(() => body.evaluate({ topLevelArguments: { ctx: { ...ctx, template_type: "other" } } }), {
    reason: "no template for other",
  });
});

test("what a stranger sends is data, whatever it looks like", () => {
  const program = compile(
    "function(ctx) { said: ctx.text, length: std.length(ctx.text), quoted: std.escapeStringJson(ctx.text) }",
  );
  for (const text of ["' + error 'x", "${1+1}", "std.extVar('secret')", "%s%n", "\u2028</script>", "__proto__"])
    assert.deepEqual(program.evaluate({ topLevelArguments: { ctx: { text } } }), {
      length: text.length,
      quoted: JSON.stringify(text),
      said: text,
    });
});

test("objects are templates for others: defaults, variants, and what follows from both", () => {
  const source = `
    local Service = {
      local this = self,
      name:: error 'a service needs a name',
      port:: 8080,
      replicas: 1,
      url: 'http://%s:%d' % [self.name, self.port],
      labels: { app: this.name },
      assert self.replicas >= 1 : self.name + ' would not run at all',
    };
    local Public = { labels+: { exposure: 'public' }, url: 'https://' + self.name + '.example.org' };
    local Tripled = { replicas: super.replicas * 3 };
    {
      [one.name]: one
      for one in [
        Service { name: 'api' } + Public + Tripled,
        Service { name: 'worker', port: 9000, labels+: { tier: 'back' } },
      ]
    }
  `;
  assert.deepEqual(evaluate(source), {
    api: { labels: { app: "api", exposure: "public" }, replicas: 3, url: "https://api.example.org" },
    worker: { labels: { app: "worker", tier: "back" }, replicas: 1, url: "http://worker:9000" },
  });
  assert.match(failureOf(`${source.split("\n    {\n")[0]} Service`).message, /a service needs a name/);
  assert.match(
    failureOf(`${source.split("\n    {\n")[0]} Service { name: 'x', replicas: 0 }`).message,
    /x would not run at all/,
  );
});

test("configuration for other programs is written in their languages", () => {
  const source = `
    local config = { server: { host: '::1', ports: [80, 443] }, debug: false };
    {
      'config.json': std.manifestJsonMinified(config),
      'config.yaml': std.manifestYamlDoc(config, quote_keys=false),
      'config.toml': std.manifestToml(config),
      'config.ini': std.manifestIni({ main: { debug: config.debug }, sections: { server: config.server } }),
      'config.py': std.manifestPythonVars(config),
    }
  `;
  assert.deepEqual(evaluate(source), {
    "config.ini": "debug = false\n[server]\nhost = ::1\nports = 80\nports = 443\n",
    "config.json": '{"debug":false,"server":{"host":"::1","ports":[80,443]}}',
    "config.py": 'debug = False\nserver = {"host": "::1", "ports": [80, 443]}\n',
    "config.toml": 'debug = false\n\n[server]\n  host = "::1"\n  ports = [\n    80,\n    443\n  ]',
    "config.yaml": 'debug: false\nserver:\n  host: "::1"\n  ports:\n  - 80\n  - 443',
  });
});
