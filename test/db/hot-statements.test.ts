import assert from "node:assert/strict";
import type { Database } from "../../src/db/database.ts";
import { isUniqueViolation } from "../../src/db/failure.ts";
import { firstId } from "../../src/db/pages.ts";
import { Flow } from "../../src/flow/entities.ts";
import { flowById } from "../../src/flow/statements.ts";
import {
  Credential,
  CredentialIdentifier,
  Identity,
  RecoveryAddress,
  VerifiableAddress,
} from "../../src/identity/entities.ts";
import {
  credentialByIdentifier,
  identitiesPage,
  identitiesPageWithCredentials,
  identityByExternalId,
  identityById,
} from "../../src/identity/statements.ts";
import { Session, SessionDevice } from "../../src/session/entities.ts";
import { sessionById, sessionByToken } from "../../src/session/statements.ts";
import { eachDatabase } from "../support/databases.ts";

const at = new Date(1_700_000_000_123);
const tokenHash = "ab".repeat(32);

async function populate(db: Database) {
  const em = db.orm.em.fork();
  const traits = { email: "ada@example.org", name: { first: 'Ada "A" Ünï 🦊' }, n: 1.5 };
  const identity = em.create(Identity, {
    schemaId: "default",
    traits,
    metadataPublic: ["a", null],
    externalId: "crm-1",
    stateChangedAt: at,
  });
  const credential = em.create(Credential, { identity, type: "password", config: { hashed_password: "$2a$" }, version: 1 });
  for (const identifier of ["ada", "ada@example.org"]) {
    em.create(CredentialIdentifier, { credential, type: "password", identifier });
  }
  em.create(Credential, { identity, type: "totp", config: {} });
  for (const value of ["z@example.org", "a@example.org"]) {
    em.create(VerifiableAddress, { identity, via: "email", value, verified: value < "b", verifiedAt: at });
    em.create(RecoveryAddress, { identity, via: "email", value });
  }
  const methods = [{ method: "password", aal: "aal1" as const, completed_at: at.toISOString() }];
  const session = em.create(Session, {
    identity,
    tokenHash,
    aal: 1,
    methods,
    authenticatedAt: at,
    issuedAt: at,
    expiresAt: new Date(+at + 1),
  });
  em.create(SessionDevice, { session, ipAddress: "::1", userAgent: "Mozilla", location: null });
  await em.flush();
  return { identity, session, traits, methods };
}

eachDatabase("one statement reads a session with all that whoami shows", async (db) => {
  const { identity, session, traits, methods } = await populate(db);
  const row = await sessionByToken(db, tokenHash);
  assert.ok(row);
  assert.equal(row.active, true);
  assert.deepEqual(row.methods, methods);
  assert.deepEqual(row.expiresAt, new Date(+at + 1));
  assert.equal(row.identity.id, identity.id);
  assert.deepEqual(row.identity.traits, traits);
  assert.deepEqual(row.identity.metadataPublic, ["a", null]);
  assert.equal(row.identity.metadataAdmin, null);
  assert.deepEqual(row.identity.stateChangedAt, at);
  assert.deepEqual(
    row.identity.verifiableAddresses.map(({ value, verified, verifiedAt }) => [value, verified, +verifiedAt!]),
    [
      ["z@example.org", false, +at],
      ["a@example.org", true, +at],
    ],
  );
  assert.deepEqual(row.identity.recoveryAddresses.map(({ value }) => value), ["z@example.org", "a@example.org"]);
  assert.ok(row.identity.recoveryAddresses[0]!.createdAt instanceof Date);
  assert.deepEqual(row.devices.map(({ id: _, ...device }) => device), [
    { ipAddress: "::1", userAgent: "Mozilla", location: null },
  ]);
  assert.deepEqual(await sessionById(db, session.id.toUpperCase()), row);
  assert.equal(await sessionByToken(db, "cd".repeat(32)), undefined);
  assert.equal(await sessionById(db, "nonsense"), undefined);
});

eachDatabase("an identity is read with its addresses, credentials and identifiers", async (db) => {
  const { identity } = await populate(db);
  const row = await identityById(db, identity.id);
  assert.deepEqual(
    row?.credentials.map(({ type, identifiers, config, version }) => ({ type, identifiers, config, version })),
    [
      { type: "password", identifiers: ["ada", "ada@example.org"], config: { hashed_password: "$2a$" }, version: 1 },
      { type: "totp", identifiers: [], config: {}, version: 0 },
    ],
  );
  assert.deepEqual(await identityByExternalId(db, "crm-1"), row);
  assert.equal(await identityByExternalId(db, "crm-1 "), undefined);
  assert.deepEqual(await identitiesPageWithCredentials(db, { after: firstId, limit: 10 }), [row]);
  const { credentials: _, ...bare } = row!;
  assert.deepEqual(await identitiesPage(db, { after: firstId, limit: 1 }), [bare]);
  assert.deepEqual(await identitiesPage(db, { after: identity.id, limit: 10 }), []);
});

const lookalikes = ["ádmin", "ａdmin", "ad\u200cmin", "Admin", "admin ", " admin", "ADMIN"];

eachDatabase("identifiers that merely look alike belong to nobody", async (db) => {
  const { identity } = await populate(db);
  const em = db.orm.em.fork();
  const credential = em.create(Credential, { identity: em.getReference(Identity, identity.id), type: "code", config: {} });
  em.create(CredentialIdentifier, { credential, type: "code", identifier: "admin" });
  await em.flush();
  assert.equal((await credentialByIdentifier(db, "code", "admin"))?.identityId, identity.id);
  for (const identifier of lookalikes) {
    assert.equal(await credentialByIdentifier(db, "code", identifier), undefined, JSON.stringify(identifier));
  }
  assert.equal(await credentialByIdentifier(db, "password", "admin"), undefined);
});

eachDatabase("the same identifier cannot be taken twice", async (db) => {
  const { identity } = await populate(db);
  const em = db.orm.em.fork();
  const credential = em.create(Credential, { identity: em.getReference(Identity, identity.id), type: "oidc", config: {} });
  em.create(CredentialIdentifier, { credential, type: "password", identifier: "ada" });
  await assert.rejects(em.flush(), isUniqueViolation);
});

eachDatabase("an entity comes back as it was written, null where nothing was", async (db) => {
  const { identity, traits } = await populate(db);
  const found = await db.orm.em.fork().findOneOrFail(Identity, { id: identity.id });
  assert.deepEqual(found.traits, traits);
  assert.equal(found.metadataAdmin, null);
  assert.deepEqual(found.stateChangedAt, at);
  assert.equal(identity.organizationId, null);
});

eachDatabase("a flow is read as it was stored", async (db) => {
  const em = db.orm.em.fork();
  const flow = em.create(Flow, {
    kind: "login",
    type: "browser",
    state: "choose_method",
    requestUrl: "http://localhost/self-service/login/browser",
    ui: { nodes: [], messages: [] },
    internal: { seen: ["a"] },
    issuedAt: at,
    expiresAt: new Date(+at + 1),
  });
  await em.flush();
  const row = await flowById(db, flow.id);
  assert.equal(row?.refresh, false);
  assert.equal(row?.identityId, null);
  assert.equal(flow.identityId, null);
  assert.deepEqual(row?.internal, { seen: ["a"] });
  assert.deepEqual(row?.ui, { nodes: [], messages: [] });
  assert.deepEqual(row?.issuedAt, at);
});

eachDatabase("what belongs to an identity goes with it", async (db) => {
  const { identity, session } = await populate(db);
  const em = db.orm.em.fork();
  await em.nativeDelete(Identity, { id: identity.id });
  assert.equal(await sessionById(db, session.id), undefined);
  assert.equal(await em.count(CredentialIdentifier), 0);
  assert.equal(await em.count(SessionDevice), 0);
});
