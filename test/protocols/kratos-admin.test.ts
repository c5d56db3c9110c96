import assert from "node:assert/strict";
import { test } from "node:test";
import { Configuration, IdentityApi } from "@ory/kratos-client";
import { kratosOf, signIn } from "../support/kratos.ts";
import { password } from "../support/person.ts";
import { startServer } from "../support/server.ts";

const email = "kim@example.org";
const person = (address: string) => ({
  schema_id: "person",
  traits: { email: address },
  credentials: { password: { config: { password } } },
});

test("Kratos' own client administers accounts", async (t) => {
  const kratos = kratosOf(await startServer(t));
  const { identity } = kratos;
  const { data: kim } = await identity.createIdentity({ createIdentityBody: { ...person(email), external_id: "k-1" } });
  await assert.rejects(identity.createIdentity({ createIdentityBody: person(email) }), { status: 409 });
  const patches = ["lee@example.org", "mo@example.org"].map((address) => ({ create: person(address) }));
  const { data: batch } = await identity.batchPatchIdentities({ patchIdentitiesBody: { identities: patches } });
  assert.deepEqual(
    batch.identities?.map(({ action }) => action),
    ["create", "create"],
  );
  assert.equal((await identity.listIdentities()).data.length, 3);
  assert.deepEqual(
    (await identity.listIdentities({ credentialsIdentifier: email })).data.map(({ id }) => id),
    [kim.id],
  );
  assert.equal((await identity.getIdentityByExternalID({ externalID: "k-1" })).data.id, kim.id);

  const { data: named } = await identity.patchIdentity({
    id: kim.id,
    jsonPatch: [{ op: "add", path: "/traits/name", value: { first: "Kim" } }],
  });
  assert.deepEqual(named.traits, { email, name: { first: "Kim" } });
  const { data: moved } = await identity.updateIdentity({
    id: kim.id,
    updateIdentityBody: { schema_id: "person", state: "active", traits: { email: "kim@example.net" } },
  });
  assert.deepEqual(moved.traits, { email: "kim@example.net" });
  await signIn(kratos, "kim@example.net");

  await identity.deleteIdentity({ id: kim.id });
  await assert.rejects(identity.getIdentity({ id: kim.id }), { status: 404 });
  await assert.rejects(signIn(kratos, "kim@example.net"), { status: 400 });
});

test("Kratos' own client administers sessions and second factors, and lets people in", async (t) => {
  const recovery = { enabled: true, ui_url: "http://app.example.org/recovery" };
  const methods = { code: { enabled: true }, link: { enabled: true }, totp: { enabled: true } };
  const courier = { smtp: { connection_uri: "smtp://127.0.0.1:1/?disable_starttls=true" } };
  const server = await startServer(t, { config: { courier, selfservice: { methods, flows: { recovery } } } });
  const kratos = kratosOf(server);
  const { identity, frontend, metadata } = kratos;
  const { id } = await server.createPerson({ email, password });
  const tokens = [await signIn(kratos, email), await signIn(kratos, email)];
  const { data: sessions } = await identity.listIdentitySessions({ id });
  assert.equal(sessions.length, 2);
  assert.equal((await identity.listSessions({ active: true })).data.length, 2);
  const own = (await frontend.toSession({ xSessionToken: tokens[0]! })).data;
  server.advance(60_000);
  await identity.extendSession({ id: own.id });
  const { data: extended } = await identity.getSession({ id: own.id, expand: ["identity"] });
  assert.equal(extended.identity?.id, id);
  assert.ok(Date.parse(extended.expires_at!) > Date.parse(own.expires_at!));
  await identity.disableSession({ id: own.id });
  await assert.rejects(frontend.toSession({ xSessionToken: tokens[0]! }), { status: 401 });
  await identity.deleteIdentitySessions({ id });
  await assert.rejects(frontend.toSession({ xSessionToken: tokens[1]! }), { status: 401 });

  await assert.rejects(identity.deleteIdentityCredentials({ id, type: "totp" }), { status: 404 });
  const { data: code } = await identity.createRecoveryCodeForIdentity({
    createRecoveryCodeForIdentityBody: { identity_id: id },
  });
  assert.match(code.recovery_code, /^\d{6}$/);
  const { data: link } = await identity.createRecoveryLinkForIdentity({
    createRecoveryLinkForIdentityBody: { identity_id: id },
  });
  assert.match(link.recovery_link, /token=/);
  const everybody = new IdentityApi(new Configuration({ basePath: server.publicUrl }));
  assert.deepEqual(
    (await everybody.listIdentitySchemas()).data.map((schema) => schema.id),
    ["person"],
  );
  assert.match((await metadata.getVersion()).data.version, /\S/);
});
