import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Code, ConnectError, createClient, decodeBinaryHeader, encodeBinaryHeader } from "@connectrpc/connect";
import { createAdminClients, createPublicClients, ErrorReason, OstiaryError, withApiKey } from "@ostiary/sdk";
import { createChannelTransport } from "@ostiary/sdk/grpc";
import { ServerReflection } from "#gen/grpc/reflection/v1/reflection_pb.js";
import manifest from "../../sdk/package.json" with { type: "json" };
import { makeCertificate } from "../support/certificate.ts";
import { startEcho } from "../support/grpc-echo.ts";
import { startServer } from "../support/server.ts";

const hostOf = (url: string) => new URL(url).host;
const base64 = (bytes: Buffer) => ({ base64: bytes.toString("base64") });

test("calls, streams and errors with their details are the same over a channel", async (t) => {
  const server = await startServer(t);
  using transport = createChannelTransport({ target: hostOf(server.publicUrl), tls: false });
  const { login } = createPublicClients(transport);
  await transport.ready();
  assert.equal(transport.state, "ready");

  const { flow } = await login.createNativeLoginFlow({});
  const value = { identifier: "nobody@example.org", password: "wrong" };
  const submission = { method: { case: "password" as const, value } };
  const refused = await login.updateLoginFlow({ flow: flow!.id, submission }).catch(OstiaryError.from);
  assert.ok(refused instanceof OstiaryError && refused.is(ErrorReason.SUBMISSION_REJECTED));
  assert.equal(refused.flow?.ui?.messages[0]?.id, 4000006);

  async function* questions() {
    yield { messageRequest: { case: "listServices" as const, value: "" } };
    yield { messageRequest: { case: "fileContainingSymbol" as const, value: "grpc.health.v1.Health" } };
  }
  const answers: (string | undefined)[] = [];
  for await (const { messageResponse } of createClient(ServerReflection, transport).serverReflectionInfo(questions()))
    answers.push(messageResponse.case);
  assert.deepEqual(answers, ["listServicesResponse", "fileDescriptorResponse"]);
});

test("a stream from the server goes on until it is left, and says why it is refused", async (t) => {
  const server = await startServer(t);
  using transport = createChannelTransport({ target: hostOf(server.adminUrl), tls: false });
  const { event } = createAdminClients(transport);
  await server.createPerson({ email: "kim@example.org", password: "correct horse battery" });
  const leave = new AbortController();
  const seen: string[] = [];
  const watch = async () => {
    const { events } = await event.listEvents({ pageSize: 1 });
    assert.equal(events.length, 1);
    for await (const told of event.watchEvents({}, { signal: leave.signal })) {
      seen.push(told.cursor);
      leave.abort();
    }
  };
  await assert.rejects(watch(), { code: Code.Canceled });
  assert.equal(seen.length, 1);
  const refused = async () => {
    for await (const _ of event.watchEvents({ after: "not a cursor" })) assert.fail();
  };
  await assert.rejects(refused(), (error: ConnectError) => OstiaryError.from(error).reason !== ErrorReason.UNSPECIFIED);
});

test("headers, trailers and bytes in them arrive as they were sent", async (t) => {
  const echo = await startEcho(t);
  using transport = createChannelTransport({
    target: `dns:///localhost:${echo.port}`,
    tls: false,
    compression: "gzip",
  });
  const { session } = createPublicClients(transport);
  const bytes = encodeBinaryHeader(new Uint8Array([0, 255, 7]));
  const heard = { header: new Headers(), trailer: new Headers() };
  const { sessionToken } = await session.exchangeSessionToken(
    { initCode: "a", returnToCode: "b" },
    {
      headers: { "x-says": "hello", "x-bytes-bin": bytes },
      onHeader: (header) => (heard.header = header),
      onTrailer: (trailer) => (heard.trailer = trailer),
    },
  );
  assert.equal(sessionToken, "a");
  assert.equal(heard.header.get("x-begins"), "hello");
  assert.deepEqual([...decodeBinaryHeader(heard.trailer.get("x-ends-bin")!)], [0, 255, 7]);
  const [sent] = echo.calls;
  assert.ok(sent!.get("user-agent")!.startsWith(`ostiary-sdk/${manifest.version} `));
  assert.equal(sent!.get("grpc-encoding"), "gzip");
});

test("a call ends in time, and the server knows until when it is waited for", async (t) => {
  const echo = await startEcho(t);
  echo.beforeAnswer = () => pause(60_000, undefined, { ref: false });
  const target = `127.0.0.1:${echo.port}`;
  using transport = createChannelTransport({ target, tls: false, defaultTimeoutMs: 300 });
  const { session } = createPublicClients(transport);
  await assert.rejects(session.exchangeSessionToken({}), { code: Code.DeadlineExceeded });
  assert.match(echo.calls[0]!.get("grpc-timeout")!, /^\d+m$/);
  const left = AbortSignal.timeout(100);
  await assert.rejects(session.exchangeSessionToken({}, { signal: left, timeoutMs: 0 }), (error: ConnectError) =>
    [Code.Canceled, Code.DeadlineExceeded].includes(error.code),
  );
  assert.equal(echo.calls.at(-1)!.get("grpc-timeout"), null);
});

test("a unix socket leads to a server", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "public.sock");
  await startServer(t, { config: { serve: { public: { host: `unix:${path}` } } } });
  using transport = createChannelTransport({ target: `unix:${path}` });
  assert.ok((await createPublicClients(transport).login.createNativeLoginFlow({})).flow!.id);
});

test("client and server show each other certificates", async (t) => {
  const own = makeCertificate("id.example.org");
  const [listed, stranger] = ["ci", "ci"].map(makeCertificate);
  const { adminUrl } = await startServer(t, {
    config: {
      serve: {
        admin: {
          tls: { key: base64(own.key), cert: base64(own.cert), client_ca: base64(listed!.cert) },
          authentication: { required: true, certificates: [{ name: "the pipeline", subject: "CN=ci" }] },
        },
      },
    },
  });
  const list = async (tls: object) => {
    using transport = createChannelTransport({ target: hostOf(adminUrl), tls, retries: false });
    return await createAdminClients(transport).identity.listIdentities({}, { timeoutMs: 5000 });
  };
  const trusted = { ca: own.cert, serverName: "id.example.org" };
  assert.deepEqual((await list({ ...trusted, ...listed })).identities, []);
  await assert.rejects(list({ ...trusted, ...stranger }), { code: Code.Unauthenticated });
  await assert.rejects(list({ ca: own.cert, ...listed }), { code: Code.Unavailable }, "in another name");
  await assert.rejects(list({ ...listed }), { code: Code.Unavailable }, "by nobody's word");
  assert.throws(() => createChannelTransport({ target: "a:1", tls: { cert: "half" } }), /go together/);
});

test("a proxy that the environment names is asked for the server", async (t) => {
  const server = await startServer(t);
  const asked: string[] = [];
  const proxy = createServer().on("connect", ({ url }, socket) => {
    asked.push(url!);
    const onward = net.connect(Number(url!.split(":").at(-1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    for (const one of [socket, onward]) one.on("error", () => undefined);
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const before = Object.entries(process.env).filter(([name]) => /^no_(?:grpc_)?proxy$/.test(name));
  t.after(() => {
    delete process.env.grpc_proxy;
    Object.assign(process.env, Object.fromEntries(before));
    proxy.close();
  });
  for (const [name] of before) delete process.env[name];
  process.env.grpc_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const target = `id.example.org:${new URL(server.publicUrl).port}`;
  using transport = createChannelTransport({ target, tls: false });
  assert.ok((await createPublicClients(transport).login.createNativeLoginFlow({})).flow!.id);
  assert.deepEqual(asked, [target]);
});

test("what is no name of a server is refused in a sentence", () => {
  for (const target of ["http://id.example.org", "id.example.org:port", ""])
    assert.throws(() => createChannelTransport({ target }), /a target is host:port/, target);
  assert.throws(() => createChannelTransport({ target: [] }), /names no server/);
});

test("keys of the admin API go along", async (t) => {
  const echo = await startEcho(t);
  using transport = createChannelTransport({
    target: `127.0.0.1:${echo.port}`,
    tls: false,
    interceptors: [withApiKey("ostiary_key")],
  });
  await createPublicClients(transport).session.exchangeSessionToken({});
  assert.equal(echo.calls[0]!.get("authorization"), "Bearer ostiary_key");
});
