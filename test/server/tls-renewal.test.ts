import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import http2 from "node:http2";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { connect } from "node:tls";
import { startApp } from "../../src/app.ts";
import type { Config } from "../../src/config/config.ts";
import type { Log } from "../../src/log.ts";
import { makeCertificate } from "../support/certificate.ts";
import type { TestCertificate } from "../support/certificate.ts";
import { configOf } from "../support/config.ts";
import { until } from "../support/courier.ts";
import { silentLog } from "../support/log.ts";

/** The name in the certificate that a port shows to whoever comes next. */
async function nameAt(address: string, protocol: "h2" | "http/1.1"): Promise<string> {
  const socket = connect({
    host: "127.0.0.1",
    port: Number(new URL(address).port),
    ALPNProtocols: [protocol],
    rejectUnauthorized: false,
  });
  await once(socket, "secureConnect");
  assert.equal(socket.alpnProtocol, protocol);
  const name = socket.getPeerCertificate().subject.CN;
  socket.destroy();
  return String(name);
}

const protocols = ["h2", "http/1.1"] as const;
const namesAt = (addresses: readonly string[]) =>
  Promise.all(addresses.flatMap((address) => protocols.map((protocol) => nameAt(address, protocol))));

/** A server with TLS on both ports, and what it logs. */
async function startTls(t: TestContext, tls: object) {
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (_event, fields) => void errors.push(String(fields?.["reason"])) };
  let config: Config = configOf({ dsn: "memory", serve: { public: { tls }, admin: { tls } } });
  const listeners = new Set<(config: Config) => void>();
  const store = {
    current: () => config,
    vet: () => undefined,
    onChange: (heard: (config: Config) => void) => (listeners.add(heard), () => listeners.delete(heard)),
    close: () => undefined,
  };
  const app = await startApp(store, log);
  t.after(() => app.close());
  return {
    addresses: [app.addresses.public, app.addresses.admin],
    errors,
    change(next: object) {
      config = configOf({ dsn: "memory", serve: { public: { tls: next }, admin: { tls: next } } });
      for (const heard of listeners) heard(config);
    },
  };
}

const inBase64 = ({ cert, key }: TestCertificate) => ({
  cert: { base64: cert.toString("base64") },
  key: { base64: key.toString("base64") },
});

function aliveOver1(agent: https.Agent, address: string): Promise<number> {
  return new Promise((done, fail) => {
    https
      .get(`${address}/health/alive`, { agent, rejectUnauthorized: false }, (res) =>
        res.resume().on("end", () => done(res.statusCode!)),
      )
      .on("error", fail);
  });
}

async function aliveOver2(session: http2.ClientHttp2Session): Promise<number> {
  const stream = session.request({ ":path": "/health/alive" });
  const [headers] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  stream.resume();
  await once(stream, "end");
  return Number(headers[":status"]);
}

test("a certificate whose files change is in use at once, connections stay, and a bad one is refused", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-tls-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const put = (file: string, content: Buffer | string) => {
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  };
  const [first, second] = [makeCertificate("first"), makeCertificate("second")];
  put(key, first.key);
  put(cert, first.cert);
  const { addresses, errors } = await startTls(t, { key: { path: key }, cert: { path: cert } });
  assert.deepEqual(await namesAt(addresses), ["first", "first", "first", "first"]);
  const session = http2.connect(addresses[0]!, { rejectUnauthorized: false });
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => (session.destroy(), agent.destroy()));
  assert.deepEqual([await aliveOver2(session), await aliveOver1(agent, addresses[1]!)], [200, 200]);
  const kept = Object.values(agent.freeSockets)[0]![0];

  put(cert, second.cert);
  put(key, second.key);
  await until(async () => (await namesAt(addresses)).every((name) => name === "second"));
  assert.deepEqual([await aliveOver2(session), await aliveOver1(agent, addresses[1]!)], [200, 200]);
  assert.equal(Object.values(agent.freeSockets)[0]![0], kept, "over the connection that was there");

  errors.length = 0;
  put(cert, first.cert);
  await until(() => errors.length === 2);
  for (const reason of errors)
    assert.match(
      reason,
      new RegExp(
        `^serve\\.(public|admin)\\.tls\\.cert\\.path: ${cert} does not belong to serve\\.\\1\\.tls\\.key\\.path: ${key}\\.$`,
      ),
    );
  put(cert, "nonsense");
  await until(() => errors.length === 4);
  assert.match(
    errors[3]!,
    new RegExp(`^serve\\.(public|admin)\\.tls\\.cert\\.path: ${cert} is no certificate in PEM\\.$`),
  );
  put(cert, "nonsense");
  await new Promise((done) => setTimeout(done, 300));
  assert.equal(errors.length, 4, "it is told once");
  assert.deepEqual(await namesAt(addresses), ["second", "second", "second", "second"]);
  put(cert, first.cert);
  put(key, first.key);
  await until(async () => (await namesAt(addresses)).every((name) => name === "first"));
});

test("a certificate in the configuration is renewed with it", async (t) => {
  const { addresses, errors, change } = await startTls(t, inBase64(makeCertificate("first")));
  change(inBase64(makeCertificate("second")));
  assert.deepEqual(await namesAt(addresses), ["second", "second", "second", "second"]);
  change({ ...inBase64(makeCertificate("third")), key: { path: "/nowhere/key.pem" } });
  assert.deepEqual(
    errors.toSorted(),
    ["admin", "public"].map((port) => `serve.${port}.tls.key.path: /nowhere/key.pem cannot be read (ENOENT).`),
  );
  assert.deepEqual(await namesAt(addresses), ["second", "second", "second", "second"]);
});
