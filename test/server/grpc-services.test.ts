import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Health, HealthCheckResponse_ServingStatus as Status } from "#gen/grpc/health/v1/health_pb.js";
import { ServerReflection as V1 } from "#gen/grpc/reflection/v1/reflection_pb.js";
import { ServerReflection as V1Alpha } from "#gen/grpc/reflection/v1alpha/reflection_pb.js";
import { startServer } from "../support/server.ts";

async function* one<T>(value: T) {
  yield value;
}

test("health is told for the server and each of its services, on both ports", async (t) => {
  const { publicUrl, adminUrl } = await startServer(t);
  for (const [baseUrl, own] of [
    [publicUrl, "ostiary.public.v1.LoginService"],
    [adminUrl, "ostiary.admin.v1.IdentityService"],
  ] as const) {
    const health = createClient(Health, createGrpcTransport({ baseUrl }));
    for (const service of ["", own]) assert.equal((await health.check({ service })).status, Status.SERVING);
    await assert.rejects(health.check({ service: "nowhere.Service" }), /not_found/);
  }
});

for (const [version, service] of [
  ["v1", V1],
  ["v1alpha", V1Alpha],
] as const)
  test(`reflection ${version} lists what a port serves, health included, and hands the files out`, async (t) => {
    const { publicUrl } = await startServer(t);
    const reflection = createClient(service as typeof V1, createGrpcTransport({ baseUrl: publicUrl }));
    const ask = async (messageRequest: { case: "listServices" | "fileContainingSymbol"; value: string }) => {
      for await (const { messageResponse } of reflection.serverReflectionInfo(one({ messageRequest })))
        return messageResponse;
      throw new Error("no answer");
    };
    const listed = await ask({ case: "listServices", value: "" });
    assert.ok(listed.case === "listServicesResponse");
    const names = listed.value.service.map(({ name }) => name);
    for (const name of ["ostiary.public.v1.LoginService", "grpc.health.v1.Health"]) {
      assert.ok(names.includes(name), name);
      const files = await ask({ case: "fileContainingSymbol", value: name });
      assert.ok(files.case === "fileDescriptorResponse" && files.value.fileDescriptorProto.length > 0);
    }
    assert.ok(
      !names.some((name) => name.startsWith("ostiary.admin.")),
      "the public port tells nothing of the other one",
    );
    assert.equal((await ask({ case: "fileContainingSymbol", value: "no.Such" })).case, "errorResponse");
  });
