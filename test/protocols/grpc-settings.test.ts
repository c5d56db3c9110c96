import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { credentials, loadPackageDefinition, Metadata } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { generateSync } from "otplib";
import type { Json } from "../support/client.ts";
import { password } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const email = "kim@example.org";
const invalidArgument = 3;
const permissionDenied = 7;

/** A call of a service of the .proto files, by a library that knows nothing else of us. */
function callerOf(t: { after(done: () => void): void }, url: string) {
  const proto = resolve(import.meta.dirname, "../../proto");
  const files = ["login", "session", "settings"].map((one) => join(proto, `ostiary/public/v1/${one}_service.proto`));
  const { ostiary } = loadPackageDefinition(
    loadSync(files, { includeDirs: [proto], oneofs: true, enums: String }),
  ) as Json;
  return (service: string, method: string, request: Json, token?: string): Promise<Json> => {
    const client = new ostiary.public.v1[service](new URL(url).host, credentials.createInsecure());
    t.after(() => client.close());
    const metadata = new Metadata();
    if (token) metadata.set("x-session-token", token);
    return new Promise((done, fail) =>
      client[method](request, metadata, (error: unknown, answer: Json) => (error ? fail(error) : done(answer))),
    );
  };
}

test("a foreign gRPC library changes an account, sets an app up and steps up by it, from the .proto files alone", async (t) => {
  const server = await startServer(t, { config: { selfservice: { methods: { totp: { enabled: true } } } } });
  await server.createPerson({ email, password });
  const call = callerOf(t, server.publicUrl);
  const signIn = async () => {
    const { flow } = await call("LoginService", "createNativeLoginFlow", {});
    const submission = { password: { identifier: email, password } };
    return (await call("LoginService", "updateLoginFlow", { flow: flow.id, submission })).sessionToken as string;
  };
  const first = await signIn();
  const begin = async () => (await call("SettingsService", "createNativeSettingsFlow", {}, first)).flow;
  const settle = async (flow: Json, submission: Json) =>
    (await call("SettingsService", "updateSettingsFlow", { flow: flow.id, submission }, first)).flow;

  const text = (stringValue: string) => ({ kind: "stringValue", stringValue });
  const name = { kind: "structValue", structValue: { fields: { first: text("Kim") } } };
  const named = await settle(await begin(), { profile: { traits: { fields: { email: text(email), name } } } });
  assert.equal(named.identity.traits.fields.name.structValue.fields.first.stringValue, "Kim");

  const form = await begin();
  const key = form.ui.nodes.find(({ attributes }: Json) => attributes.text?.id === "totp_secret_key");
  const code = () =>
    generateSync({ secret: key.attributes.text.text.text, epoch: Math.floor(server.now().getTime() / 1000) });
  await assert.rejects(settle(form, { totp: { totpCode: "000000" } }), { code: invalidArgument });
  assert.equal((await settle(form, { totp: { totpCode: code() } })).state, "success");

  server.advance(30_000);
  const second = await signIn();
  await assert.rejects(call("SettingsService", "createNativeSettingsFlow", {}, second), { code: permissionDenied });
  const { flow } = await call("LoginService", "createNativeLoginFlow", { aal: "aal2" }, second);
  const { session } = await call(
    "LoginService",
    "updateLoginFlow",
    { flow: flow.id, submission: { totp: { totpCode: code() } } },
    second,
  );
  assert.equal(session.authenticatorAssuranceLevel, "AUTHENTICATOR_ASSURANCE_LEVEL_AAL2");
});
