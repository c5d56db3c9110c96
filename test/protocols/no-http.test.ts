import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import type { CallOptions, Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import { RecoveryService } from "#gen/ostiary/public/v1/recovery_service_pb.js";
import { RegistrationService } from "#gen/ostiary/public/v1/registration_service_pb.js";
import { SettingsService } from "#gen/ostiary/public/v1/settings_service_pb.js";
import { WellKnownService } from "#gen/ostiary/public/v1/well_known_service_pb.js";
import { OstiaryError } from "../../sdk/index.js";
import { signedIn } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const transports: Record<string, (baseUrl: string) => Transport> = {
  gRPC: (baseUrl) => createGrpcTransport({ baseUrl }),
  "gRPC-web": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  Connect: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
};
const restOnly = ["location", "x-http-status", "status", "link", "x-total-count"];

/** Makes calls and keeps what their answers and errors say beside the message. */
function listener() {
  const heard = new Headers();
  const hear = (headers: Headers) => headers.forEach((value, name) => heard.append(name, value));
  const options = (headers?: HeadersInit): CallOptions => ({
    ...(headers && { headers }),
    onHeader: hear,
    onTrailer: hear,
  });
  const refused = async (call: Promise<unknown>): Promise<ConnectError> => {
    const error = await call.then(
      () => assert.fail("the call is refused"),
      (thrown: unknown) => ConnectError.from(thrown),
    );
    hear(error.metadata);
    return error;
  };
  return { heard, options, refused };
}

for (const [name, transport] of Object.entries(transports)) {
  test(`what only a browser needs to go on is not said over ${name}`, async (t) => {
    const server = await startServer(t, {
      config: {
        courier: { smtp: { connection_uri: "smtp://127.0.0.1:1/" } },
        selfservice: { flows: { recovery: { enabled: true } } },
      },
    });
    const pat = await signedIn(server);
    const [shown, admin] = [transport(server.publicUrl), transport(server.adminUrl)];
    const { heard, options, refused } = listener();

    const registration = createClient(RegistrationService, shown);
    const { flow } = await registration.createBrowserRegistrationFlow({}, options());
    const rejected = await refused(
      registration.updateRegistrationFlow(
        { flow: flow!.id, submission: { method: { case: "password", value: { password: "short" } } } },
        options(),
      ),
    );
    assert.notEqual(rejected.code, Code.Internal);
    await refused(createClient(LoginService, shown).createBrowserLoginFlow({}, options(pat.headers)));
    await refused(createClient(RecoveryService, shown).createBrowserRecoveryFlow({}, options(pat.headers)));
    await refused(createClient(SettingsService, shown).createBrowserSettingsFlow({}, options()));
    await createClient(WellKnownService, shown).getWellKnownChangePassword({}, options());
    await createClient(IdentityService, admin).createIdentity(
      { identity: { schemaId: "person", traits: { email: "new@example.org" } } },
      options(),
    );

    await createClient(IdentityService, admin).listIdentities({}, options());

    assert.deepEqual(
      restOnly.filter((header) => heard.has(header)),
      [],
    );
    assert.ok(heard.has("set-cookie"), "browsers keep cookies by whatever protocol they call");
  });

  test(`when to try again is told in the standard detail over ${name}`, async (t) => {
    const config = { selfservice: { new_flows_per_client: { at_once: 1, per_hour: 60 } } };
    const server = await startServer(t, { config });
    const login = createClient(LoginService, transport(server.publicUrl));
    const { heard, options, refused } = listener();
    await login.createNativeLoginFlow({});
    const error = OstiaryError.from(await refused(login.createNativeLoginFlow({}, options())));
    assert.ok(error.retryAfterMs! > 0 && error.retryAfterMs! <= 60_000);
    assert.deepEqual(
      restOnly.filter((header) => heard.has(header)),
      [],
    );
  });
}
