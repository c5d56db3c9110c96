import assert from "node:assert/strict";
import type { Connection, Database } from "../../src/db/connection.ts";
import { isUniqueViolation } from "../../src/db/failure.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { firstId } from "../../src/db/pages.ts";
import { change, find, insert, remove } from "../../src/db/query.ts";
import type { Table } from "../../src/db/table.ts";
import { flows } from "../../src/flow/entities.ts";
import { flowById } from "../../src/flow/statements.ts";
import { addresses, credentialIdentifiers, credentials, identities } from "../../src/identity/entities.ts";
import { addressColumnsOf } from "../../src/identity/insert.ts";
import {
  credentialByIdentifier,
  identitiesPageWithCredentials,
  identityByExternalId,
  identityById,
} from "../../src/identity/statements.ts";
import { sessionDevices, sessions } from "../../src/session/entities.ts";
import { sessionById, sessionByToken } from "../../src/session/statements.ts";
import { eachDatabase } from "../support/databases.ts";
import { countOf, reach, rowsOf } from "../support/rows.ts";

const at = new Date(1_700_000_000_123);
const tokenHash = "ab".repeat(32);

const stamps = () => ({ id: uuidv7(), createdAt: at, updatedAt: at });

/** Adds a row that says when it was made by itself, and gives its id. */
async function add<C>(db: Database, table: Table<C>, row: object): Promise<string> {
  const stamped = { ...stamps(), ...row };
  await insert(reach(db), table, [stamped as never]);
  return stamped.id;
}

const held = (value: string, verified = false) => ({
  ...stamps(),
  via: "email" as const,
  value,
  verified,
  verifiedAt: at,
  status: "sent" as const,
});

async function populate(db: Database) {
  const traits = { email: "ada@example.org", name: { first: 'Ada "A" Ünï 🦊' }, n: 1.5 };
  const identityId = await add(db, identities, {
    schemaId: "default",
    traits,
    metadataPublic: ["a", null],
    externalId: "crm-1",
    stateChangedAt: at,
    ...addressColumnsOf({
      verifiableAddresses: [held("z@example.org", false), held("a@example.org", true)],
      recoveryAddresses: [held("z@example.org"), held("a@example.org")],
    }),
  });
  const credentialId = await add(db, credentials, {
    identityId,
    type: "password",
    config: { hashed_password: "$2a$" },
    version: 1,
  });
  for (const identifier of ["ada", "ada@example.org"])
    await add(db, credentialIdentifiers, { credentialId, type: "password", identifier });
  await add(db, credentials, { identityId, type: "totp", config: {} });
  for (const value of ["z@example.org", "a@example.org"])
    await add(db, addresses, { identityId, purpose: "recovery", via: "email", value });
  const methods = [{ method: "password", aal: "aal1" as const, completed_at: at.toISOString() }];
  const times = { authenticatedAt: at, issuedAt: at, expiresAt: new Date(+at + 1), lastSeenAt: at };
  const sessionId = await add(db, sessions, { identityId, tokenHash, aal: 1, methods, ...times });
  await add(db, sessionDevices, { sessionId, ipAddress: "::1", userAgent: "Mozilla", location: null });
  return { identityId, sessionId, traits, methods };
}

eachDatabase("one statement reads a session with all that whoami shows", async (db) => {
  const { identityId, sessionId, traits, methods } = await populate(db);
  const row = await sessionByToken(reach(db), tokenHash);
  assert.ok(row);
  assert.equal(row.active, true);
  assert.deepEqual(row.methods, methods);
  assert.deepEqual(row.expiresAt, new Date(+at + 1));
  assert.equal(row.identity.id, identityId);
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
  assert.deepEqual(
    row.identity.recoveryAddresses.map(({ value }) => value),
    ["z@example.org", "a@example.org"],
  );
  assert.ok(row.identity.recoveryAddresses[0]!.createdAt instanceof Date);
  assert.deepEqual(
    row.devices.map(({ id: _, ...device }) => device),
    [{ ipAddress: "::1", userAgent: "Mozilla", location: null }],
  );
  assert.deepEqual(await sessionById(reach(db), sessionId.toUpperCase()), row);
  assert.equal(await sessionByToken(reach(db), "cd".repeat(32)), undefined);
  assert.equal(await sessionById(reach(db), "nonsense"), undefined);
});

eachDatabase("an identity is read with its addresses, credentials and identifiers", async (db) => {
  const { identityId } = await populate(db);
  const row = await identityById(reach(db), identityId);
  assert.deepEqual(
    row?.credentials.map(({ type, identifiers, config, version }) => ({ type, identifiers, config, version })),
    [
      { type: "password", identifiers: ["ada", "ada@example.org"], config: { hashed_password: "$2a$" }, version: 1 },
      { type: "totp", identifiers: [], config: {}, version: 0 },
    ],
  );
  assert.deepEqual(await identityByExternalId(reach(db), "crm-1"), row);
  assert.equal(await identityByExternalId(reach(db), "crm-1 "), undefined);
  assert.deepEqual(await identitiesPageWithCredentials(reach(db), { after: firstId, limit: 10 }), [row]);
  assert.deepEqual(await identitiesPageWithCredentials(reach(db), { after: identityId, limit: 10 }), []);
});

const lookalikes = ["ádmin", "ａdmin", "ad\u200cmin", "Admin", "admin ", " admin", "ADMIN"];

eachDatabase("identifiers that merely look alike belong to nobody", async (db) => {
  const { identityId } = await populate(db);
  const credentialId = await add(db, credentials, { identityId, type: "code", config: {} });
  await add(db, credentialIdentifiers, { credentialId, type: "code", identifier: "admin" });
  assert.equal((await credentialByIdentifier(reach(db), "code", "admin"))?.identityId, identityId);
  for (const identifier of lookalikes) {
    assert.equal(await credentialByIdentifier(reach(db), "code", identifier), undefined, JSON.stringify(identifier));
  }
  assert.equal(await credentialByIdentifier(reach(db), "password", "admin"), undefined);
});

eachDatabase("the same identifier cannot be taken twice", async (db) => {
  const { identityId } = await populate(db);
  const credentialId = await add(db, credentials, { identityId, type: "oidc", config: {} });
  await assert.rejects(
    add(db, credentialIdentifiers, { credentialId, type: "password", identifier: "ada" }),
    isUniqueViolation,
  );
});

eachDatabase("a row comes back as it was written, null where nothing was", async (db) => {
  const { traits } = await populate(db);
  const [found] = await rowsOf(db, identities);
  assert.deepEqual(found!.traits, traits);
  assert.equal(found!.metadataAdmin, null);
  assert.deepEqual(found!.metadataPublic, ["a", null]);
  assert.deepEqual(found!.stateChangedAt, at);
  assert.equal(found!.organizationId, null);
});

eachDatabase("what is changed is what was meant, in a transaction and outside of one", async (db) => {
  const { identityId } = await populate(db);
  for (const [round, documents] of ["text", 7, true, { a: ["b", null] }].entries()) {
    const changes = { metadataAdmin: documents, stateChangedAt: new Date(+at + round), region: `r${round}` };
    const work = (connection: Connection) =>
      change(reach(connection), identities, changes, (query) => query.where("id", "=", identityId));
    assert.equal(await (round % 2 ? db.transaction(work) : work(db)), 1);
    const read = (connection: Connection) =>
      find(reach(connection), identities, (query) => query.where("region", "=", `r${round}`));
    const [outside, inside] = [await read(db), await db.transaction(read)];
    assert.deepEqual(outside, inside);
    const { metadataAdmin, stateChangedAt, region } = outside[0]!;
    assert.deepEqual({ metadataAdmin, stateChangedAt, region }, changes);
    assert.deepEqual((await identityById(reach(db), identityId))?.metadataAdmin, documents);
  }
});

eachDatabase("many rows are written at once, of whatever number", async (db) => {
  await insert(
    reach(db),
    identities,
    Array.from({ length: 150 }, (_, n) => ({ ...stamps(), schemaId: `s${n}`, traits: { n } })),
  );
  const found = await rowsOf(db, identities);
  assert.deepEqual(
    found.map(({ schemaId, traits }) => [schemaId, traits]),
    Array.from({ length: 150 }, (_, n) => [`s${n}`, { n }]),
  );
});

eachDatabase("a row of one tenant is none of another's, by the same names and ids", async (db) => {
  const { identityId } = await populate(db);
  const other = { db, tenant: { id: uuidv7() } };
  assert.equal(await identityById(other, identityId), undefined);
  assert.equal(await sessionByToken(other, tokenHash), undefined);
  assert.equal(await credentialByIdentifier(other, "password", "ada"), undefined);
  assert.equal(await change(other, identities, { region: "x" }, (query) => query), 0);
  assert.equal(await remove(other, identities, (query) => query), 0);
  await insert(other, identities, [
    { id: identityId, createdAt: at, updatedAt: at, schemaId: "default", traits: {}, externalId: "crm-1" },
  ]);
  assert.equal((await identityByExternalId(other, "crm-1"))?.id, identityId);
  const stray = {
    id: uuidv7(),
    createdAt: at,
    updatedAt: at,
    purpose: "recovery" as const,
    via: "email" as const,
    value: "z@example.org",
  };
  await assert.rejects(
    insert({ db, tenant: { id: uuidv7() } }, addresses, [{ ...stray, identityId }]),
    "no row hangs on another tenant's",
  );
  await insert(other, addresses, [{ ...stray, identityId }]);
  await remove(other, identities, (query) => query);
  assert.equal((await identityById(reach(db), identityId))?.recoveryAddresses.length, 2);
});

eachDatabase("a flow is read as it was stored", async (db) => {
  const ui = { nodes: [], messages: [] };
  const times = { issuedAt: at, expiresAt: new Date(+at + 1) };
  const id = await add(db, flows, {
    ...{
      kind: "login",
      type: "browser",
      state: "choose_method",
      requestUrl: "http://localhost/self-service/login/browser",
    },
    ...{ ui, memory: { seen: ["a"] }, ...times },
  });
  const row = await flowById(reach(db), id);
  assert.equal(row?.refresh, false);
  assert.equal(row?.identityId, null);
  assert.deepEqual(row?.memory, { seen: ["a"] });
  assert.deepEqual(row?.ui, ui);
  assert.deepEqual(row?.issuedAt, at);
});

eachDatabase("what belongs to an identity goes with it", async (db) => {
  const { identityId, sessionId } = await populate(db);
  await remove(reach(db), identities, (query) => query.where("id", "=", identityId));
  assert.equal(await sessionById(reach(db), sessionId), undefined);
  assert.equal(await countOf(db, credentialIdentifiers), 0);
  assert.equal(await countOf(db, sessionDevices), 0);
});
