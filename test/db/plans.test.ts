import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "../../src/db/connection.ts";
import { openDatabase } from "../../src/db/database.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { migrateUp } from "../../src/db/migrate.ts";
import { firstId } from "../../src/db/pages.ts";
import { insert } from "../../src/db/query.ts";
import { addresses, credentialIdentifiers, credentials, identities } from "../../src/identity/entities.ts";
import { identitiesPageWithCredentials, identityById } from "../../src/identity/statements.ts";
import { entities } from "../../src/orm.ts";
import { sessionById } from "../../src/session/statements.ts";
import { createScratch, databases } from "../support/databases.ts";
import { reach } from "../support/rows.ts";
import { recordQueries } from "../support/query-log.ts";
import { runSql } from "../support/run-sql.ts";

const people = 500;

/** A step of a plan, as MySQL explains it. */
interface Step {
  readonly select_type: string;
  readonly table: string | null;
  readonly key_len: string | null;
}

function filled(sql: string, params: readonly unknown[]): string {
  const left = params.map((value) => (typeof value === "number" ? String(value) : `'${String(value)}'`));
  return sql.replaceAll("?", () => left.shift()!);
}

/** Accounts in tables that were empty a moment ago, so that the engine knows nothing of how they are filled. */
async function populate(db: Database): Promise<string> {
  const stamps = () => ({ id: uuidv7(), createdAt: new Date(), updatedAt: new Date() });
  const owners = Array.from({ length: people }, () => ({ ...stamps(), schemaId: "person", traits: {} }));
  const held = owners.map(({ id }) => ({ ...stamps(), identityId: id, type: "password", config: {} }));
  await insert(reach(db), identities, owners);
  for (const purpose of ["verification", "recovery"] as const)
    await insert(
      reach(db),
      addresses,
      owners.map(({ id: identityId }, n) => ({
        ...stamps(),
        identityId,
        purpose,
        via: "email" as const,
        value: `p${n}@example.org`,
      })),
    );
  await insert(reach(db), credentials, held);
  await insert(
    reach(db),
    credentialIdentifiers,
    held.map(({ id: credentialId }, n) => ({
      ...stamps(),
      credentialId,
      type: "password",
      identifier: `p${n}@example.org`,
    })),
  );
  return owners[0]!.id;
}

test(
  "what belongs to one account is found without reading what belongs to the others",
  { skip: !databases.includes("mysql") && "MySQL is not there" },
  async (t) => {
    const scratch = await createScratch("mysql");
    const db = await openDatabase(scratch.dsn, entities);
    t.after(async () => {
      await db.close();
      await scratch.drop();
    });
    await migrateUp(db);
    const id = await populate(db);
    const asked: string[] = [];
    const stop = recordQueries(db, (sql, params) => asked.push(filled(sql, params)));
    await identitiesPageWithCredentials(reach(db), { after: firstId, limit: 1 });
    await identityById(reach(db), id);
    await sessionById(reach(db), id);
    stop();
    for (const sql of asked) {
      const plan = await runSql<Step>(db, `explain ${sql}`);
      // The tenant alone is 36 bytes of a key.
      const wide = (plan as Step[]).filter(
        (step) => step.select_type.includes("SUBQUERY") && step.table !== null && !(Number(step.key_len) > 36),
      );
      assert.deepEqual(wide, [], "by the tenant alone");
    }
  },
);
