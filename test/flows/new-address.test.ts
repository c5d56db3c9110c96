import assert from "node:assert/strict";
import { messageIds } from "../support/client.ts";
import type { Json } from "../support/client.ts";
import type { ConfigTree } from "../support/config.ts";
import { codeIn, mailTo, mailsTo } from "../support/mailbox.ts";
import { onEachDatabase } from "../support/servers.ts";
import type { TestServer } from "../support/server.ts";

const email = "ada@example.org";
const next = "countess@example.org";
const password = "correct horse battery";
const held = (recipients: string): { config: ConfigTree } => ({
  config: {
    courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
    selfservice: {
      methods: { code: { enabled: true } },
      flows: {
        verification: { enabled: true, ui_url: "http://app.example.org/verification" },
        settings: {
          ui_url: "http://app.example.org/settings",
          after: {
            profile: {
              hooks: [{ hook: "verify_new_address" }, { hook: "notify_previous_addresses", config: { recipients } }],
            },
          },
        },
      },
    },
  },
});

async function signIn(server: TestServer) {
  await server.createPerson({ email, password });
  const { body: login } = await server.native.get("/self-service/login/api");
  const { body } = await server.native.post(login.ui.action, { method: "password", identifier: email, password });
  return { "x-session-token": body.session_token as string };
}

const begin = async (server: TestServer, headers: Record<string, string>) =>
  (await server.native.get("/self-service/settings/api", { headers })).body;
const traitsOf = async (server: TestServer, headers: Record<string, string>) =>
  (await server.native.get("/sessions/whoami", { headers })).body.identity.traits.email;

onEachDatabase(
  "a new address takes the old one's place once it is verified, and the old one is told",
  async (server) => {
    const headers = await signIn(server);
    const flow = await begin(server, headers);
    const asked = await server.native.post(flow.ui.action, { method: "profile", traits: { email: next } }, { headers });
    assert.deepEqual(
      [asked.status, asked.body.state, asked.body.continue_with.map(({ action }: Json) => action)],
      [200, "show_form", ["show_verification_ui"]],
    );
    assert.equal(await traitsOf(server, headers), email);
    const verification = `/self-service/verification?flow=${asked.body.continue_with[0].flow.id}`;
    // Another address of one's own does not do.
    await server.native.post(verification, { method: "code", email });
    const other = await server.native.post(verification, { method: "code", code: codeIn(await mailTo(server, email)) });
    assert.deepEqual(messageIds(other.body).at(-1), 4070003);
    const first = await mailTo(server, next);
    await server.native.post(verification, { method: "code", email: next });
    const done = await server.native.post(verification, {
      method: "code",
      code: codeIn(await mailTo(server, next, { after: first })),
    });
    assert.equal(done.body.state, "passed_challenge");
    const { body: me } = await server.native.get("/sessions/whoami", { headers });
    const [address, ...more] = me.identity.verifiable_addresses;
    assert.deepEqual([me.identity.traits.email, address.value, address.verified, more.length], [next, next, true, 0]);
    await mailTo(server, email, { type: "verifiable_address_changed" });
  },
  held("removed"),
);

onEachDatabase(
  "what waits is void once the session is over, the account has changed, or another change waits",
  async (server) => {
    const headers = await signIn(server);
    const ask = async (address: string) => {
      const flow = await begin(server, headers);
      const { body } = await server.native.post(
        flow.ui.action,
        { method: "profile", traits: { email: address } },
        { headers },
      );
      const code = codeIn(await mailTo(server, address));
      return () =>
        server.native.post(`/self-service/verification?flow=${body.continue_with[0].flow.id}`, {
          method: "code",
          code,
        });
    };
    const earlier = await ask("one@example.org");
    const later = await ask("two@example.org");
    assert.deepEqual(messageIds((await earlier()).body), [4070006]);
    const flow = await begin(server, headers);
    await server.native.post(flow.ui.action, { method: "profile", traits: { email, age: 36 } }, { headers });
    assert.equal((await later()).status, 400);
    const last = await ask("three@example.org");
    await server.native.send("DELETE", "/self-service/logout/api", {
      json: { session_token: headers["x-session-token"] },
    });
    assert.equal((await last()).status, 400);
    const [{ traits }] = (await server.admin("GET", "/admin/identities")).body;
    assert.equal(traits.email, email);
    assert.ok(
      (await mailsTo(server, email)).every(({ templateType }) => templateType !== "verifiable_address_changed"),
    );
  },
  held("all"),
);

onEachDatabase(
  "an address that somebody else has is refused at once",
  async (server) => {
    await server.createPerson({ email: next, password });
    const headers = await signIn(server);
    const flow = await begin(server, headers);
    const { status, body } = await server.native.post(
      flow.ui.action,
      { method: "profile", traits: { email: next } },
      { headers },
    );
    assert.deepEqual([status, messageIds(body)], [400, [4000007]]);
    assert.deepEqual(await mailsTo(server, next), []);
  },
  held("all_verified"),
);
