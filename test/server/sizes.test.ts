import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { Code } from "@connectrpc/connect";
import { create, toBinary } from "@bufbuild/protobuf";
import {
  BatchPatchIdentitiesRequestSchema,
  CreateIdentityRequestSchema,
} from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { frame, openSession, rawCall } from "../support/raw-call.ts";
import type { RawAnswer } from "../support/raw-call.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const mib = 1024 * 1024;
const service = "/ostiary.admin.v1.IdentityService";

/** Somebody about whom a lot is known. */
const person = (index: number, bytes: number) => ({
  schema_id: "person",
  traits: { email: `p${index}@example.org` },
  metadata_public: { filling: "x".repeat(bytes) },
});

const batchOf = (total: number) => ({
  identities: Array.from({ length: 20 }, (_, index) => ({ create: person(index, Math.floor(total / 20)) })),
});

const binary = {
  one: (bytes: number) =>
    Buffer.from(
      toBinary(
        CreateIdentityRequestSchema,
        create(CreateIdentityRequestSchema, {
          identity: { traits: { email: "a@example.org", name: { first: "x".repeat(bytes) } } },
        }),
      ),
    ),
  batch: (bytes: number) =>
    Buffer.from(
      toBinary(
        BatchPatchIdentitiesRequestSchema,
        create(BatchPatchIdentitiesRequestSchema, {
          batch: {
            identities: batchOf(bytes).identities.map(({ create: { traits } }) => ({
              create: { traits: { ...traits, name: { first: "x".repeat(bytes / 20) } } },
            })),
          },
        }),
      ),
    ),
};

function assertTooLarge({ status, grpc, text }: RawAnswer, what: string): void {
  assert.match(text, /PAYLOAD_TOO_LARGE/, what);
  assert.ok(grpc === String(Code.InvalidArgument) || (grpc === "" && status === 400), `${what}: ${status} ${grpc}`);
}

/** The calls of the protocols that carry a message as it is. */
function senders(t: Parameters<typeof openSession>[0], server: TestServer, method: string) {
  const session = openSession(t, server.adminUrl);
  const headers = (type: string, more: Record<string, string> = {}) => ({
    ":path": `${service}/${method}`,
    "content-type": type,
    ...more,
  });
  return {
    Connect: (message: Buffer) => rawCall(session, headers("application/proto"), message),
    "Connect, compressed": (message: Buffer) =>
      rawCall(session, headers("application/proto", { "content-encoding": "gzip" }), gzipSync(message)),
    gRPC: (message: Buffer) => rawCall(session, headers("application/grpc"), frame(message)),
    "gRPC, compressed": (message: Buffer) =>
      rawCall(session, headers("application/grpc", { "grpc-encoding": "gzip" }), frame(gzipSync(message), 1)),
    "gRPC-web": (message: Buffer) => rawCall(session, headers("application/grpc-web+proto"), frame(message)),
  };
}

test("a message of more than 1 MiB is refused by every protocol, also when it is small on the wire", async (t) => {
  const server = await startServer(t);
  for (const [name, send] of Object.entries(senders(t, server, "CreateIdentity"))) {
    assertTooLarge(await send(binary.one(5 * mib)), name);
    assert.doesNotMatch((await send(binary.one(mib - 1000))).text, /PAYLOAD_TOO_LARGE/, name);
  }
  assert.equal(
    (await server.adminClient.get("/admin/identities")).body.length,
    1,
    "the one that was small enough, once",
  );
});

test("a batch may have 10 MiB, by every protocol", async (t) => {
  const server = await startServer(t);
  const { Connect, gRPC } = senders(t, server, "BatchPatchIdentities");
  for (const [name, send] of Object.entries({ Connect, gRPC })) {
    assert.doesNotMatch((await send(binary.batch(9 * mib))).text, /PAYLOAD_TOO_LARGE/, name);
    assertTooLarge(await send(binary.batch(11 * mib)), name);
  }
  const made = await server.admin("PATCH", "/admin/identities", { json: batchOf(9 * mib) });
  assert.equal(made.status, 200, JSON.stringify(made.body).slice(0, 300));
  const refused = await server.admin("PATCH", "/admin/identities", { json: batchOf(11 * mib) });
  assert.equal(refused.status, 413);
});

test("a body of more than 5 MiB is refused by REST, in words that arrive", async (t) => {
  const server = await startServer(t);
  const answer = await server.adminClient.post("/admin/identities", person(1, 6 * mib));
  assert.equal(answer.status, 413);
  assert.equal(answer.body.error.code, 413);
  // The limit counts what comes, not what is said of it.
  const session = openSession(t, server.adminUrl);
  const sent = await rawCall(
    session,
    { ":path": "/admin/identities", "content-type": "application/json" },
    Buffer.alloc(6 * mib, "x"),
  );
  assert.equal(sent.status, 413);
  assert.equal((await server.adminClient.get("/health/alive")).status, 200);
});
