import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { request } from "node:https";
import { test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { readEvents } from "../../src/events/read.ts";
import { makeCertificate } from "../support/certificate.ts";
import type { TestCertificate } from "../support/certificate.ts";
import { reach } from "../support/rows.ts";
import { startServer } from "../support/server.ts";

const base64 = (bytes: Buffer) => ({ base64: bytes.toString("base64") });

function post(url: string, body: object, certificate?: TestCertificate): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      method: "POST",
      agent: false,
      rejectUnauthorized: false,
      headers: { "content-type": "application/json" },
      ...certificate,
    };
    const req = request(new URL("/admin/identities", url), options, (res) => {
      let text = "";
      res.on("data", (chunk) => (text += String(chunk)));
      res.on("end", () => resolve({ status: res.statusCode!, body: text }));
    });
    req.on("error", reject);
    req.end(JSON.stringify(body));
  });
}

test("programs call the admin API by certificates that are signed and listed", async (t) => {
  const own = makeCertificate("localhost");
  const [listed, byName, unlisted, stranger] = ["ci", "deploy", "somebody", "ci"].map(makeCertificate);
  const fingerprint = new X509Certificate(listed!.cert).fingerprint256;
  const server = await startServer(t, {
    config: {
      serve: {
        admin: {
          tls: {
            key: base64(own.key),
            cert: base64(own.cert),
            // Each vouches for itself.
            client_ca: base64(Buffer.concat([listed!.cert, byName!.cert, unlisted!.cert])),
          },
          authentication: {
            required: true,
            certificates: [
              { name: "the pipeline", fingerprint },
              { name: "the deployer", subject: "CN=deploy", scopes: ["identities.read"] },
              { name: "somebody else", subject: "CN=ci,O=Example" },
            ],
          },
        },
      },
    },
  });
  const person = (email: string) => ({ schema_id: "person", traits: { email } });

  await t.test("who has none, or one that nobody trusts or lists, is not let in", async () => {
    for (const certificate of [undefined, unlisted, stranger]) {
      const { status, body } = await post(server.adminUrl, person("no@example.org"), certificate);
      assert.equal(status, 401, body);
    }
  });

  await t.test("who has the one of the list is, with its scopes, and events say who it was", async () => {
    const made = await post(server.adminUrl, person("pat@example.org"), listed);
    assert.equal(made.status, 201, made.body);
    const { id } = JSON.parse(made.body) as { id: string };
    assert.equal((await post(server.adminUrl, person("sam@example.org"), byName)).status, 403);
    const events = await readEvents(reach(server.app.db), { after: 0, limit: 100 });
    const created = events.find(({ type, subjectId }) => type === "IdentityCreated" && subjectId === id)!;
    assert.deepEqual([created.actorKind, created.actorId, created.actorName], ["certificate", null, "the pipeline"]);
  });

  await t.test("over HTTP/2 as well", async () => {
    const nodeOptions = { rejectUnauthorized: false };
    const transport = (certificate?: TestCertificate) =>
      createGrpcTransport({ baseUrl: server.adminUrl, nodeOptions: { ...nodeOptions, ...certificate } });
    const { identities } = await createClient(IdentityService, transport(byName)).listIdentities({});
    assert.equal(identities.length, 1);
    await assert.rejects(createClient(IdentityService, transport(stranger)).listIdentities({}), /unauthenticated/);
  });
});
