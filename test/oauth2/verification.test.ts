import assert from "node:assert/strict";
import { test } from "node:test";
import { csrfTokenOf } from "../support/client.ts";
import type { Client, Json } from "../support/client.ts";
import { mergeTrees } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { hydraConfig, onwards, startHydra } from "../support/hydra.ts";
import { codeIn, linkIn, mailTo } from "../support/mailbox.ts";
import { nodeOf, password, submitIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import { withHydra } from "../support/with-hydra.ts";
import type { TestServer } from "../support/server.ts";

const email = "ada@example.org";
const signUp = { method: "password", password, traits: { email } };
const verifying = (hooks: readonly string[], more: ConfigTree = {}): ConfigTree =>
  mergeTrees(
    {
      courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
      selfservice: {
        methods: { code: { enabled: true }, link: { enabled: true } },
        flows: {
          verification: { enabled: true, ui_url: "http://app.example.org/verification" },
          registration: { after: { password: { hooks: hooks.map((hook) => ({ hook })) } } },
        },
      },
    },
    more,
  );
const byLink = { selfservice: { flows: { verification: { use: "link" } } } };

/** Signs somebody up for an application, in a browser that is led to the verification of their address. */
async function signedUp(server: TestServer, app: Client, challenge: string) {
  const { body } = await submitIn(app, "registration", signUp, `?login_challenge=${challenge}`);
  const shown = body.continue_with.find(({ action }: Json) => action === "show_verification_ui");
  const { body: flow } = await app.get(`/self-service/verification/flows?id=${shown.flow.id}`, json);
  return { body, flow, mail: await mailTo(server, email) };
}

const json = { accept: "application/json" };
const wayOnOf = (flow: Json) => nodeOf(flow, "continue").attributes.href;

for (const hooks of [["show_verification_ui", "session"], ["show_verification_ui"]])
  withHydra(
    `whoever verifies their address goes on at the application, after ${hooks.join(" and ")}`,
    async (server, hydra) => {
      for (const navigates of [false, true]) {
        const challenge = hydra.wants();
        const address = `${navigates ? "browser" : "app"}@example.org`;
        const app = navigates ? server.browser() : server.spa();
        const registration = { ...signUp, traits: { email: address } };
        const { body } = await submitIn(app, "registration", registration, `?login_challenge=${challenge}`);
        assert.equal(hydra.accepted().length, navigates ? 1 : 0, "the application waits");
        const id = body.continue_with.at(-1).flow.id;
        const { body: flow } = await app.get(`/self-service/verification/flows?id=${id}`, json);
        const mail = await mailTo(server, address);
        assert.equal((mail.templateData.oauth2_login_request as Json).client.client_name, "The shop");
        assert.equal(flow.oauth2_login_challenge, undefined, "as in Kratos, the flow does not tell");
        const answer = { method: "code", code: codeIn(mail), csrf_token: csrfTokenOf(flow) };
        if (navigates) {
          const { status, location } = await app.send("POST", flow.ui.action, { form: answer });
          assert.deepEqual([status, location], [303, onwards(challenge)]);
        } else {
          const done = await app.post(flow.ui.action, answer);
          assert.deepEqual([done.status, done.body.state], [200, "passed_challenge"]);
          assert.equal(wayOnOf(done.body), onwards(challenge), "the page shows its success, and leads on");
          const again = await app.get(`/self-service/verification/flows?id=${id}`);
          assert.equal(wayOnOf(again.body), onwards(challenge));
        }
        const { body: session } = await app.get("/sessions/whoami", json);
        assert.equal(session.identity.traits.email, address);
        const told = hydra.accepted().at(-1);
        assert.deepEqual(
          [told.subject, told.identity_provider_session_id, told.amr],
          [session.identity.id, session.id, ["password"]],
        );
      }
    },
    { config: verifying(hooks) },
  );

withHydra(
  "a link leads on in the browser that the sign-up began in, and signs nobody in elsewhere",
  async (server, hydra) => {
    const challenge = hydra.wants();
    const app = server.browser();
    const { mail } = await signedUp(server, app, challenge);
    const { pathname, search } = linkIn(mail);
    const elsewhere = server.browser();
    const opened = await elsewhere.get(pathname + search);
    assert.match(opened.location!, /^http:\/\/app\.example\.org\/verification/);
    assert.equal((await elsewhere.get("/sessions/whoami", json)).status, 401);
    assert.deepEqual(hydra.accepted(), []);

    const other = hydra.wants();
    const next = server.browser();
    const registration = { ...signUp, traits: { email: "eve@example.org" } };
    await submitIn(next, "registration", registration, `?login_challenge=${other}`);
    const link = linkIn(await mailTo(server, "eve@example.org"));
    const led = await next.get(link.pathname + link.search);
    assert.deepEqual([led.status, led.location], [303, onwards(other)]);
    assert.equal((await next.get("/sessions/whoami", json)).body.identity.traits.email, "eve@example.org");
  },
  { config: verifying(["show_verification_ui"], byLink) },
);

test("a sign-in that has gone on already is not told of again", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, { config: hydraConfig(hydra, verifying(["show_verification_ui"])) });
  for (const mood of ["410", "404"] as const) {
    const app = server.spa();
    const address = `ada-${mood}@example.org`;
    const query = `?login_challenge=${hydra.wants()}`;
    const { body } = await submitIn(app, "registration", { ...signUp, traits: { email: address } }, query);
    const { body: flow } = await app.get(`/self-service/verification/flows?id=${body.continue_with.at(-1).flow.id}`);
    const code = codeIn(await mailTo(server, address));
    hydra.mood.get = mood;
    const done = await app.post(flow.ui.action, { method: "code", code, csrf_token: csrfTokenOf(flow) });
    hydra.mood.get = "as usual";
    assert.deepEqual([done.status, wayOnOf(done.body)], [200, "http://app.example.org/"]);
  }
  assert.deepEqual(hydra.accepted(), []);
});

test("a session that was ended meanwhile is not told of: its owner signs in once more", async (t) => {
  const hydra = await startHydra(t);
  const hooks = ["show_verification_ui", "session"];
  const server = await startServer(t, { config: hydraConfig(hydra, verifying(hooks)) });
  const challenge = hydra.wants();
  const app = server.spa();
  const { body, flow, mail } = await signedUp(server, app, challenge);
  await server.admin("DELETE", `/admin/sessions/${body.session.id}`);
  const answer = { method: "code", code: codeIn(mail), csrf_token: csrfTokenOf(flow) };
  const done = await app.post(flow.ui.action, answer);
  assert.equal(wayOnOf(done.body), `http://id.example.org/self-service/login/browser?login_challenge=${challenge}`);
  assert.deepEqual(hydra.accepted(), []);
});

withHydra(
  "whoever needs a verified address to sign in comes back to the sign-in once they have one",
  async (server, hydra) => {
    await server.createPerson({ email, password });
    const challenge = hydra.wants();
    const app = server.spa();
    const credentials = { method: "password", identifier: email, password };
    const refused = await submitIn(app, "login", credentials, `?login_challenge=${challenge}`);
    assert.equal(refused.status, 403);
    const { flow: shown } = refused.body.error.details.continue_with[0];
    const { body: flow } = await app.get(`/self-service/verification/flows?id=${shown.id}`);
    const mail = await mailTo(server, email);
    const answer = { method: "code", code: codeIn(mail), csrf_token: csrfTokenOf(flow) };
    const done = await app.post(flow.ui.action, answer);
    const back = new URL(wayOnOf(done.body));
    assert.equal(back.searchParams.get("login_challenge"), challenge);
    const { status, body } = await submitIn(app, "login", credentials, back.search);
    assert.deepEqual([status, body.redirect_browser_to], [422, onwards(challenge)]);
  },
  {
    config: verifying([], {
      selfservice: { flows: { login: { after: { hooks: [{ hook: "require_verified_address" }] } } } },
    }),
  },
);

test("a mail is sent although Hydra does not say for which application", async (t) => {
  const hydra = await startHydra(t);
  const server = await startServer(t, { config: hydraConfig(hydra, verifying(["show_verification_ui"])) });
  const app = server.spa();
  const { body: flow } = await app.get(`/self-service/registration/browser?login_challenge=${hydra.wants()}`);
  hydra.mood.get = "500";
  const { status } = await app.post(flow.ui.action, { ...signUp, csrf_token: csrfTokenOf(flow) });
  assert.equal(status, 200);
  assert.equal((await mailTo(server, email)).templateData.oauth2_login_request, undefined);
});
