import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { createAdminClients, createPublicClients, ErrorReason, OstiaryError, withSessionToken } from "../sdk/index.js";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";
import { LoginService } from "#gen/ostiary/public/v1/login_service_pb.js";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { LoginFlowSchema } from "#gen/ostiary/type/v1/flow_pb.js";
import { problem } from "../src/errors.ts";
import { toConnectError } from "../src/server/connect-error.ts";

describe("the SDK", () => {
  it("has a client for each service of the contract", () => {
    const transport = createRouterTransport(() => undefined);
    const clients = { public: createPublicClients(transport), admin: createAdminClients(transport) };
    for (const [part, made] of Object.entries(clients)) {
      const folder = join(import.meta.dirname, "..", "proto", "ostiary", part, "v1");
      const services = globSync("*_service.proto", { cwd: folder });
      assert.equal(Object.keys(made).length, services.length, `${part}: ${services.join(", ")}`);
    }
  });

  it("sends a session's token with every call", async () => {
    const transport = createRouterTransport(
      ({ service }) =>
        service(SessionService, {
          toSession: (_, { requestHeader }) => ({ session: { id: requestHeader.get("x-session-token") ?? "" } }),
        }),
      { transport: { interceptors: [withSessionToken(() => "ory_st_1")] } },
    );
    const { session } = createPublicClients(transport);
    assert.equal((await session.toSession({})).session?.id, "ory_st_1");
  });

  it("brings the flow of a rejected submission along", async () => {
    const transport = createRouterTransport(({ service }) =>
      service(LoginService, {
        updateLoginFlow: ({ flow }) => {
          const rejected = { desc: LoginFlowSchema, value: { id: flow } };
          throw toConnectError(problem(ErrorReason.SUBMISSION_REJECTED, { reason: "It will not do." }, rejected));
        },
      }),
    );
    const { login } = createPublicClients(transport);
    const error = await login.updateLoginFlow({ flow: "one" }).then(() => assert.fail(), OstiaryError.from);
    assert.equal(error.code, Code.InvalidArgument);
    assert.ok(error.is(ErrorReason.SUBMISSION_REJECTED));
    assert.equal(error.problem?.reason, "It will not do.");
    assert.equal(error.flow?.$typeName, "ostiary.type.v1.LoginFlow");
    assert.equal(error.flow.id, "one");
  });

  it("reads the other details of an error", async () => {
    const transport = createRouterTransport(({ service }) =>
      service(IdentityService, {
        getIdentity: () => {
          throw toConnectError(problem(ErrorReason.OVERLOADED, { retryAfter: 2 }));
        },
      }),
    );
    const { identity } = createAdminClients(transport);
    const error = await identity.getIdentity({ id: "one" }).then(() => assert.fail(), OstiaryError.from);
    assert.equal(error.reason, ErrorReason.OVERLOADED);
    assert.equal(error.retryAfterMs, 2000);
    assert.equal(error.flow, undefined);
  });

  it("makes an error of anything thrown", () => {
    const error = OstiaryError.from(new ConnectError("gone", Code.Unavailable));
    assert.equal(error.reason, ErrorReason.UNSPECIFIED);
    assert.equal(error.code, Code.Unavailable);
    assert.equal(OstiaryError.from(error), error);
    assert.equal(OstiaryError.from("odd").message, "odd");
  });
});
