import { codes } from "../../src/code/entities.ts";
import { courierDispatches, courierMessages } from "../../src/courier/entities.ts";
import type { Connection, Database } from "../../src/db/connection.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { insert } from "../../src/db/query.ts";
import type { NewRow, Table } from "../../src/db/table.ts";
import { events } from "../../src/events/entities.ts";
import { flowErrors, flows, sessionTokenExchanges } from "../../src/flow/entities.ts";
import { addresses, credentialIdentifiers, credentials, identities } from "../../src/identity/entities.ts";
import { invitations } from "../../src/invitation/entities.ts";
import { oauth2Clients, oauth2Objects } from "../../src/oauth2/embedded/entities.ts";
import { sessionDevices, sessions } from "../../src/session/entities.ts";
import { throttles } from "../../src/throttle/entities.ts";
import { reach } from "./rows.ts";
import { runSql } from "./run-sql.ts";

/** The tables that grow with the people who sign in; the others with what an operator sets up. */
export const growing = [
  identities,
  credentials,
  credentialIdentifiers,
  addresses,
  sessions,
  sessionDevices,
  flows,
  sessionTokenExchanges,
  flowErrors,
  codes,
  invitations,
  oauth2Clients,
  oauth2Objects,
  courierMessages,
  courierDispatches,
  events,
  throttles,
].map(({ name }) => name);

/** Writes so many accounts of the default tenant, each with a row in every table that grows, and has the engine count them. */
export async function fill(database: Database, count: number): Promise<void> {
  await database.transaction((db) => write(db, count));
  if (database.dialect === "mysql") await runSql(database, `analyze table ${growing.join(", ")}`);
  else await runSql(database, "analyze");
}

async function write(db: Connection, count: number): Promise<void> {
  const now = new Date();
  const later = new Date(+now + 3_600_000);
  const made = Array.from({ length: count }, (_, n) => ({
    n,
    email: `filling${n}@example.net`,
    hash: n.toString(16).padStart(64, "0"),
    identityId: uuidv7(),
    credentialId: uuidv7(),
    sessionId: uuidv7(),
    flowId: uuidv7(),
    messageId: uuidv7(),
  }));
  const put = <C>(table: Table<C>, row: (one: (typeof made)[number]) => object) =>
    insert(
      reach(db),
      table,
      made.map((one) => ({ id: uuidv7(), createdAt: now, updatedAt: now, ...row(one) }) as unknown as NewRow<C>),
    );
  await put(identities, ({ identityId }) => ({ id: identityId, schemaId: "person", traits: {}, state: "active" }));
  await put(credentials, ({ credentialId, identityId }) => ({
    id: credentialId,
    identityId,
    type: "password",
    config: {},
  }));
  await put(credentialIdentifiers, ({ credentialId, email }) => ({
    credentialId,
    type: "password",
    identifier: email,
  }));
  for (const purpose of ["verification", "recovery"])
    await put(addresses, ({ identityId, email }) => ({ identityId, purpose, via: "email", value: email }));
  const times = { authenticatedAt: now, issuedAt: now, expiresAt: later, lastSeenAt: now };
  await put(sessions, ({ sessionId, identityId, hash }) => ({
    id: sessionId,
    identityId,
    tokenHash: hash,
    active: true,
    aal: 1,
    methods: [],
    ...times,
  }));
  await put(sessionDevices, ({ sessionId }) => ({ sessionId }));
  await put(flows, ({ flowId, identityId }) => ({
    id: flowId,
    identityId,
    kind: "settings",
    type: "api",
    state: "show_form",
    requestUrl: "http://id.example.org/",
    ui: { nodes: [], messages: [] },
    memory: {},
    issuedAt: now,
    expiresAt: later,
  }));
  await put(sessionTokenExchanges, ({ flowId, sessionId, hash }) => ({
    flowId,
    sessionId,
    initCodeHash: hash,
    returnCodeHash: hash,
    expiresAt: later,
  }));
  await put(flowErrors, () => ({ error: {} }));
  await put(codes, ({ flowId, identityId, email, hash }) => ({
    flowId,
    identityId,
    purpose: "recovery",
    via: "email",
    address: email,
    secretHash: hash,
    expiresAt: later,
  }));
  await put(invitations, ({ identityId, email, hash }) => ({
    identityId,
    via: "email",
    address: email,
    tokenHash: hash,
    state: "accepted",
    schemaId: "person",
    traits: {},
    invitedByKind: "administrator",
    expiresAt: later,
  }));
  await put(oauth2Clients, ({ n }) => ({ clientId: `client-${n}`, metadata: {} }));
  for (const model of ["AccessToken", "Grant"])
    await put(oauth2Objects, ({ n, identityId, hash }) => ({
      model,
      keyHash: model === "Grant" ? hash : hash.replace(/^0/, "1"),
      grantHash: model === "Grant" ? null : hash,
      clientId: `client-${n}`,
      identityId,
      payload: "",
      expiresAt: later,
    }));
  await put(courierMessages, ({ messageId, email }) => ({
    id: messageId,
    status: "sent",
    type: "email",
    channel: "email",
    recipient: email,
    templateType: "recovery_code_valid",
    templateData: {},
    requestHeaders: {},
    subject: "",
    body: "",
    dueAt: null,
  }));
  await put(courierDispatches, ({ messageId }) => ({ messageId, status: "success" }));
  await insert(
    reach(db),
    events,
    made.map(({ n, identityId, sessionId }) => ({
      id: uuidv7(),
      sequence: n + 1,
      occurredAt: now,
      type: "SessionIssued",
      reason: "login.password",
      actorKind: "identity" as const,
      subjectId: identityId,
      sessionId,
      payload: {},
    })),
  );
  await insert(
    reach(db),
    throttles,
    made.map(({ hash }) => ({ id: hash, tries: 1, endsAt: later })),
  );
}
