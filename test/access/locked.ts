import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Json } from "../support/client.ts";
import { createMigrated } from "../support/databases.ts";
import { startServer } from "../support/server.ts";
import type { TestServer, TestServerOptions } from "../support/server.ts";
import type { Dialect } from "../../src/db/statement.ts";

/** Two servers on one database: one asks callers of the admin API for credentials, the other one does not. */
export interface Locked {
  readonly open: TestServer;
  readonly locked: TestServer;
}

/** What locks the admin API. */
export const required = { serve: { admin: { authentication: { required: true } } } };

/** Starts both. */
export async function startLocked(
  t: TestContext,
  dialect: Dialect,
  config: TestServerOptions["config"] = required,
): Promise<Locked> {
  const { dsn, drop } = await createMigrated(dialect);
  t.after(() => drop());
  const open = await startServer(t, { dsn });
  return { open, locked: await startServer(t, { dsn, config }) };
}

/** A key that an open server creates. */
export async function keyFor(
  { open }: Pick<Locked, "open">,
  scopes: readonly string[],
  more: object = {},
  headers: Record<string, string> = {},
): Promise<{ readonly id: string; readonly secret: string; readonly body: Json }> {
  const { status, body } = await open.adminClient.post(
    "/admin/api-keys",
    { name: `for ${scopes.join(" ")}`, scopes, ...more },
    { headers },
  );
  assert.equal(status, 201, JSON.stringify(body));
  return { id: body.api_key.id, secret: body.secret, body: body.api_key };
}

/** The header that shows a key. */
export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
