import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { ConfigTree } from "../support/config.ts";
import type { Json } from "../support/client.ts";
import { hook, startTarget } from "../support/hook-target.ts";
import { linkIn, mailTo } from "../support/mailbox.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const begin = async (server: TestServer, headers: Record<string, string>, query = ""): Promise<Json> =>
  (await server.native.get(`/self-service/login/api${query}`, { headers })).body;

const tenant = { host: "Tenant1.example.org", "x-forwarded-proto": "https" };

/** A server whose public address nobody has configured. */
const unnamed = (t: TestContext, config: ConfigTree = {}) =>
  startServer(t, { config: { serve: { public: { base_url: undefined, host: "127.0.0.1" } }, ...config } });

test("a flow remembers under which address it was asked for, by the word of a trusted proxy", async (t) => {
  const server = await startServer(t);
  const urlOf = async (headers: Record<string, string>) => (await begin(server, headers, "?refresh=false")).request_url;
  const path = "/self-service/login/api?refresh=false";
  assert.equal(await urlOf(tenant), `https://tenant1.example.org${path}`);
  assert.equal(
    await urlOf({
      host: "inside:4433",
      "x-forwarded-host": "tenant2.example.org:8443, inside",
      "x-forwarded-proto": "HTTPS, http",
    }),
    `https://tenant2.example.org:8443${path}`,
  );
  assert.equal(
    await urlOf({ host: "tenant1.example.org:80" }),
    `http://tenant1.example.org${path}`,
    "the scheme is the configured one where nobody says another",
  );
  assert.equal(await urlOf({ host: "[2001:db8::1]:4433" }), `http://[2001:db8::1]:4433${path}`);
  for (const host of ["evil.example/@x", "evil.example?", "user@evil.example", "a b", "a:99999", "<script>"])
    assert.equal(
      await urlOf({ host: "id.example.org", "x-forwarded-host": host }),
      `http://id.example.org${path}`,
      host,
    );
  assert.equal(
    await urlOf({ host: "id.example.org", "x-forwarded-proto": "javascript" }),
    `http://id.example.org${path}`,
  );
});

test("the word of others is not taken", async (t) => {
  const server = await startServer(t, { config: { serve: { trusted_proxies: { networks: ["10.0.0.0/8"] } } } });
  const { request_url, ui } = await begin(server, tenant);
  assert.deepEqual(
    [request_url, new URL(ui.action).origin],
    ["http://id.example.org/self-service/login/api", "http://id.example.org"],
  );
});

test("hooks tell the sites of one server apart", async (t) => {
  const { called, url } = await startTarget(t);
  const server = await startServer(t, {
    config: { selfservice: { flows: { login: { before: { hooks: [hook(url)] } } } } },
  });
  await begin(server, tenant);
  const told: Json = JSON.parse(called[0]!.body);
  assert.deepEqual(
    [told.request_url, told.flow.request_url],
    Array(2).fill("https://tenant1.example.org/self-service/login/api"),
  );
});

test("links lead where the server's address is configured, whatever a proxy says", async (t) => {
  const { ui } = await begin(await startServer(t), tenant);
  assert.equal(new URL(ui.action).origin, "http://id.example.org");
});

test("where no address is configured, links and pages lead back to where the client has called", async (t) => {
  const server = await unnamed(t, {
    selfservice: {
      flows: {
        login: { ui_url: "/sign-in" },
        registration: { ui_url: undefined },
        error: { ui_url: "https://elsewhere.example/error" },
      },
    },
  });
  const { ui, request_url } = await begin(server, tenant);
  assert.deepEqual(
    [new URL(ui.action).origin, new URL(request_url).origin],
    Array(2).fill("https://tenant1.example.org"),
  );
  const page = async (kind: string, headers: Record<string, string>) =>
    (await server.browser().get(`/self-service/${kind}/browser`, { headers })).location!.replace(/\?.*$/, "");
  assert.equal(await page("login", tenant), "https://tenant1.example.org/sign-in");
  assert.equal(
    await page("registration", { host: "tenant2.example.org" }),
    "http://tenant2.example.org/ui/registration",
  );
});

test("a link that opens an account follows the word of a proxy that is named, and of no other", async (t) => {
  const email = "ada@example.org";
  const hostOf = async (serve: ConfigTree) => {
    const selfservice = { methods: { link: { enabled: true } }, flows: { recovery: { enabled: true, use: "link" } } };
    const server = await startServer(t, {
      config: { courier: {}, selfservice, serve: { public: { base_url: undefined, host: "127.0.0.1" }, ...serve } },
    });
    await server.createPerson({ email, password: "correct-horse-battery-9" });
    const { body: flow } = await server.native.get("/self-service/recovery/api", { headers: tenant });
    await server.native.post(flow.ui.action, { method: "link", email }, { headers: tenant });
    return linkIn(await mailTo(server, email)).hostname;
  };
  assert.equal(await hostOf({ trusted_proxies: { networks: ["127.0.0.1"] } }), "tenant1.example.org");
  assert.equal(await hostOf({}), "127.0.0.1");
});

test("a link that an administrator makes leads to the server, not to the admin port", async (t) => {
  const server = await unnamed(t, {
    courier: {},
    selfservice: { methods: { link: { enabled: true } }, flows: { recovery: { enabled: true, use: "link" } } },
  });
  const { id } = await server.createPerson({ email: "ada@example.org", password: "correct-horse-battery-9" });
  const { body } = await server.adminClient.post(
    "/admin/recovery/link",
    { identity_id: id },
    { headers: { host: "admin.internal" } },
  );
  assert.equal(new URL(body.recovery_link).hostname, "127.0.0.1");
});
