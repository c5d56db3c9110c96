import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { SchemaService } from "#gen/ostiary/public/v1/schema_service_pb.js";
import { ErrorReason, problem } from "../../src/errors.ts";
import { createRestGateway } from "../../src/rest/gateway.ts";
import { createConnectHandler } from "../../src/server/connect.ts";
import { createDispatcher, defineService } from "../../src/server/dispatch.ts";
import { Client } from "../support/client.ts";
import { collectingLog } from "../support/log.ts";
import { servedTenant } from "../support/served-tenant.ts";

const secret = "nobody must read this";
const fail = () => {
  throw new TypeError(secret);
};

/** A service that fails where it is told to: in its handler, or where its answer is written. */
const broken = defineService(SchemaService, {
  getIdentitySchema: async ({ id }) => {
    if (id === "handler") fail();
    return {
      get schema() {
        return fail();
      },
    } as never;
  },
});

test("what nobody expected is a neutral 500 wherever it happens, and is logged once", async (t) => {
  for (const place of ["handler", "answer", "context", "message"]) {
    const { log, events } = collectingLog();
    const createContext = ((call: object) => (place === "context" ? fail() : { call, log })) as never;
    const dispatcher = createDispatcher({ services: [broken], log, createContext });
    const gateway = createRestGateway({
      services: [SchemaService],
      dispatch: (method, request, call) =>
        dispatcher.dispatch(method, place === "message" ? (null as never) : request, call),
      known: dispatcher.known,
      baseUrl: () => "http://id.example.org/",
      tenantOf: () => servedTenant,
      maxBodyBytes: () => 1000,
      dropUnread: () => undefined,
      isGone: () => false,
      badRequest: (reason) => problem(ErrorReason.BAD_REQUEST, { reason }),
    });
    const rpc = createConnectHandler({
      dispatcher,
      baseUrl: () => "http://id.example.org/",
      tenantOf: () => servedTenant,
      extra: () => undefined,
    });
    const server = createServer((req, res) => (rpc.serves(req.url!) ? rpc.handle(req, res) : void gateway(req, res)));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    t.after(() => server.close());
    const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

    const rest = await client.get(`/schemas/${place}`);
    assert.equal(rest.status, 500, place);
    assert.equal(rest.body.error.code, 500);
    assert.doesNotMatch(JSON.stringify(rest.body), new RegExp(`${secret}|TypeError`), place);
    assert.equal(events.length, 1, `${place}: ${events.join("\n")}`);
    if (place !== "message") assert.match(events[0]!, new RegExp(`GetIdentitySchema.*${secret}`), place);
    if (place === "message") continue;
    const connect = await client.post("/ostiary.public.v1.SchemaService/GetIdentitySchema", { id: place });
    assert.equal(connect.status, 500, place);
    assert.doesNotMatch(JSON.stringify(connect.body), new RegExp(`${secret}|TypeError`), place);
    assert.equal(events.length, 2, place);
  }
});
