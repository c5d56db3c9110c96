import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "../../src/logger.ts";
import { csrfTokenOf } from "../support/client.ts";
import { codeIn, mailTo } from "../support/mailbox.ts";
import { begin, submit } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const config = {
  courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } },
  "watch-courier": true,
  selfservice: {
    methods: { code: { enabled: true } },
    flows: {
      settings: { ui_url: "http://app.example.org/settings" },
      recovery: { enabled: true, ui_url: "http://app.example.org/recovery" },
    },
  },
};

for (const format of ["json", "text"] as const)
  test(`nothing that lets somebody in is in the log, however much is logged (${format})`, async (t) => {
    let written = "";
    const log = createLogger({ level: "debug", format, write: (line) => (written += line) });
    const server = await startServer(t, { config, log });
    const [email, first, wrong] = ["ada@example.org", "a-first-Password-of-17", "a-wrong-Password-of-18"];

    const signUp = await submit(
      server,
      await begin(server, "registration", {}),
      { method: "password", password: first, traits: { email } },
      {},
    );
    const headers = { "x-session-token": signUp.body.session_token };
    await server.native.get("/sessions/whoami", { headers });
    await server.native.get("/sessions/whoami", { headers: { authorization: `Bearer ${signUp.body.session_token}` } });
    const missed = await submit(
      server,
      await begin(server, "login", {}),
      { method: "password", identifier: email, password: wrong },
      {},
    );
    assert.equal(missed.status, 400);

    const app = server.spa();
    const { body: login } = await app.get("/self-service/login/browser");
    const csrf = csrfTokenOf(login);
    assert.equal(
      (await app.post(login.ui.action, { method: "password", identifier: email, password: first, csrf_token: csrf }))
        .status,
      200,
    );
    const cookies = [...app.cookies.values()];
    const { body: logout } = await app.get("/self-service/logout/browser");
    // A token in an address is the likeliest to be written down.
    assert.equal((await app.get(logout.logout_url)).status, 204);

    const recovery = await begin(server, "recovery", {});
    await submit(server, recovery, { method: "code", email }, {});
    const code = codeIn(await mailTo(server, email, { type: "recovery_code_valid" }));
    assert.equal((await server.native.post(recovery.ui.action, { method: "code", code })).status, 422);

    const imported = "$2a$10$ZsCsoVQ3xfBG/K2z2XpBf.tm90GZmtOqtqWcB5.pYd5Eq8y7RlDyq";
    const credentials = { password: { config: { hashed_password: imported } } };
    await server.adminClient.post("/admin/identities", {
      schema_id: "person",
      traits: { email: "bob@example.org" },
      credentials,
    });
    await server.adminClient.send("POST", "/admin/identities", { raw: `{"credentials": "${first}", ` });
    await server.native.send("DELETE", "/self-service/logout/api", {
      json: { session_token: signUp.body.session_token },
    });

    assert.match(written, /self-service\/login/, "the log tells of the requests");
    const secrets = {
      first,
      wrong,
      token: signUp.body.session_token,
      logout: logout.logout_token,
      csrf,
      code,
      imported,
    };
    for (const [what, secret] of Object.entries({ ...secrets, ...cookies })) {
      assert.ok(secret && secret.length >= 6, what);
      assert.ok(!written.includes(secret) && !written.includes(encodeURIComponent(secret)), `${what} is in the log`);
    }
  });
