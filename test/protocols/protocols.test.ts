import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { credentials, loadPackageDefinition, Metadata } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { createClient } from "@connectrpc/connect";
import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createConnectTransport as createWebTransport } from "@connectrpc/connect-web";
import { Configuration, FrontendApi } from "@ory/kratos-client";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import { ErrorReason, OstiaryError } from "../../sdk/index.js";
import type { Json } from "../support/client.ts";
import { startServer } from "../support/server.ts";

const ada = { email: "ada@example.org", password: "correct horse battery" };

const transports: Record<string, (baseUrl: string) => Transport> = {
  grpc: (baseUrl) => createGrpcTransport({ baseUrl }),
  "gRPC-web": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  "Connect, HTTP/1.1": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "Connect, HTTP/2": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  "Connect in a browser": (baseUrl) => createWebTransport({ baseUrl }),
};

for (const [name, transport] of Object.entries(transports))
  test(`a person signs in and is known over ${name}`, async (t) => {
    const server = await startServer(t);
    await server.createPerson(ada);
    const login = createClient(LoginService, transport(server.publicUrl));
    const { flow } = await login.createNativeLoginFlow({});
    const submit = (password: string) =>
      login.updateLoginFlow({
        flow: flow!.id,
        submission: { method: { case: "password", value: { identifier: ada.email, password } } },
      });
    const wrong = await submit("wrong").then(
      () => assert.fail("a wrong password signs nobody in"),
      (error: unknown) => OstiaryError.from(error),
    );
    assert.equal(wrong.reason, ErrorReason.SUBMISSION_REJECTED);
    assert.equal(wrong.flow?.ui?.messages[0]?.id, 4000006);

    const { sessionToken } = await submit(ada.password);
    const sessions = createClient(SessionService, transport(server.publicUrl));
    const headers = { "x-session-token": sessionToken! };
    const { session } = await sessions.toSession({}, { headers });
    assert.deepEqual(session?.identity?.traits, { email: ada.email });
    const nobody = await sessions.toSession({}).catch((error: unknown) => OstiaryError.from(error));
    assert.equal((nobody as OstiaryError).reason, ErrorReason.SESSION_REQUIRED);
    const { identities } = await createClient(IdentityService, transport(server.adminUrl)).listIdentities({});
    assert.equal(identities.length, 1);
  });

test("a foreign gRPC library signs in from the .proto files alone", async (t) => {
  const server = await startServer(t);
  await server.createPerson(ada);
  const proto = resolve(import.meta.dirname, "../../proto");
  const files = ["login", "session"].map((one) => join(proto, `ostiary/public/v1/${one}_service.proto`));
  const { ostiary } = loadPackageDefinition(loadSync(files, { includeDirs: [proto], oneofs: true })) as Json;
  const address = new URL(server.publicUrl).host;
  const login = new ostiary.public.v1.LoginService(address, credentials.createInsecure());
  const sessions = new ostiary.public.v1.SessionService(address, credentials.createInsecure());
  t.after(() => [login, sessions].forEach((client) => client.close()));
  const call = (client: Json, method: string, request: Json, metadata = new Metadata()): Promise<Json> =>
    new Promise((done, fail) =>
      client[method](request, metadata, (error: unknown, answer: Json) => (error ? fail(error) : done(answer))),
    );
  const { flow } = await call(login, "createNativeLoginFlow", {});
  const password = { identifier: ada.email, password: ada.password };
  const { sessionToken } = await call(login, "updateLoginFlow", { flow: flow.id, submission: { password } });
  const metadata = new Metadata();
  metadata.set("x-session-token", sessionToken);
  const { session } = await call(sessions, "toSession", {}, metadata);
  assert.equal(session.active, true);
  await assert.rejects(call(sessions, "toSession", {}), { code: 16 });
});

test("the client of Kratos registers, signs in, and signs out unchanged", async (t) => {
  const server = await startServer(t);
  const kratos = new FrontendApi(new Configuration({ basePath: server.publicUrl }));
  const sign = { method: "password" as const, password: ada.password };
  const { data: registration } = await kratos.createNativeRegistrationFlow();
  const { data: registered } = await kratos.updateRegistrationFlow({
    flow: registration.id,
    updateRegistrationFlowBody: { ...sign, traits: { email: ada.email } },
  });
  assert.ok(registered.session_token);
  const { data: flow } = await kratos.createNativeLoginFlow();
  const { data: signedIn } = await kratos.updateLoginFlow({
    flow: flow.id,
    updateLoginFlowBody: { ...sign, identifier: ada.email },
  });
  const xSessionToken = signedIn.session_token!;
  assert.equal((await kratos.toSession({ xSessionToken })).data.identity?.id, registered.identity.id);
  await kratos.performNativeLogout({ performNativeLogoutBody: { session_token: xSessionToken } });
  await assert.rejects(kratos.toSession({ xSessionToken }), { status: 401 });
});
