import assert from "node:assert/strict";
import { test } from "node:test";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createPublicClients, ErrorReason, OstiaryError } from "../../sdk/index.js";
import { withAcme } from "../support/redirecting-method.ts";
import { startServer } from "../support/server.ts";

const options = {
  strategies: withAcme,
  config: {
    selfservice: {
      flows: { registration: { after: { oidc: { hooks: [{ hook: "session" }] } } } },
      methods: { oidc: { enabled: true } },
    },
  },
};
const protocols = {
  gRPC: (baseUrl: string) => createGrpcTransport({ baseUrl }),
  "gRPC-web": (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  Connect: (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
};
const failure = (call: Promise<unknown>) => call.then(() => assert.fail("it went well"), OstiaryError.from);

/** Where an error sends the client's browser. */
function location(error: OstiaryError): URL {
  assert.ok(error.is(ErrorReason.BROWSER_LOCATION_CHANGE_REQUIRED), error.message);
  return new URL(error.problem!.redirectBrowserTo!);
}

for (const [name, transportTo] of Object.entries(protocols))
  test(`a client of ${name} is told by a typed error where its browser goes, and gets the session by both codes`, async (t) => {
    const server = await startServer(t, options);
    const { login, registration, session, oidc } = createPublicClients(transportTo(server.publicUrl));
    const { flow } = await login.createNativeLoginFlow({ returnSessionTokenExchangeCode: true });
    const initCode = flow!.sessionTokenExchangeCode!;
    const submission = { method: { case: "oidc" as const, value: { provider: "acme" } } };
    const leave = async () =>
      location(await failure(login.updateLoginFlow({ flow: flow!.id, submission }))).searchParams.get("state")!;
    const away = location(await failure(login.updateLoginFlow({ flow: flow!.id, submission })));
    assert.equal(away.host, "acme.example");

    const refused = location(
      await failure(oidc.handleOidcCallback({ provider: "acme", state: await leave(), error: "access_denied" })),
    );
    assert.equal(refused.searchParams.has("flow"), false);
    const returnToCode = refused.searchParams.get("code")!;
    const pending = await failure(session.exchangeSessionToken({ initCode, returnToCode }));
    assert.ok(pending.is(ErrorReason.SESSION_NOT_ISSUED));
    assert.deepEqual(
      [pending.flow!.id, pending.flow!.ui!.messages.map(({ id }) => Number(id))],
      [flow!.id, [4000001]],
      "with what Acme said",
    );

    const home = location(
      await failure(oidc.handleOidcCallback({ provider: "acme", state: await leave(), code: "no address" })),
    );
    assert.notEqual(home.searchParams.get("code"), returnToCode, "another one each time");
    const id = home.searchParams.get("flow")!;
    const { flow: form } = await registration.getRegistrationFlow({ id });
    const traits = { email: "ada@example.org" };
    const { sessionToken } = await registration.updateRegistrationFlow({
      flow: form!.id,
      submission: { method: { case: "oidc", value: { provider: "acme", traits } } },
    });
    assert.match(sessionToken!, /^ory_st_/);

    const { flow: again } = await login.createNativeLoginFlow({ returnSessionTokenExchangeCode: true });
    const state = location(await failure(login.updateLoginFlow({ flow: again!.id, submission }))).searchParams.get(
      "state",
    )!;
    const back = location(await failure(oidc.handleOidcCallback({ provider: "acme", state, code: "no address" })));
    const codes = { initCode: again!.sessionTokenExchangeCode!, returnToCode: back.searchParams.get("code")! };
    const exchanged = await session.exchangeSessionToken(codes);
    const headers = { "x-session-token": exchanged.sessionToken! };
    const { session: own } = await session.toSession({}, { headers });
    assert.deepEqual([own!.id, own!.identity!.traits!["email"]], [exchanged.session!.id, traits.email]);
    for (const wrong of [
      { ...codes, initCode },
      { ...codes, returnToCode },
    ])
      assert.ok((await failure(session.exchangeSessionToken(wrong))).is(ErrorReason.NOT_FOUND));
    assert.ok(
      (await failure(session.exchangeSessionToken({ ...codes, returnToCode: "" }))).is(ErrorReason.BAD_REQUEST),
    );
  });
