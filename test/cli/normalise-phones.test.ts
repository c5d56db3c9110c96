import assert from "node:assert/strict";
import { test } from "node:test";
import { openDatabase } from "../../src/db/database.ts";
import type { Database } from "../../src/db/connection.ts";
import { change } from "../../src/db/query.ts";
import { addresses, credentialIdentifiers, identities } from "../../src/identity/entities.ts";
import { entities } from "../../src/orm.ts";
import { runIn } from "../support/command-line.ts";
import { encoded } from "../support/config.ts";
import { createMigrated, databases } from "../support/databases.ts";
import { reach, rowsOf } from "../support/rows.ts";
import { startServer } from "../support/server.ts";

const channel = { verification: { via: "sms" }, recovery: { via: "sms" } };
const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  type: "object",
  properties: {
    traits: {
      type: "object",
      properties: {
        phone: { type: "string", "ory.sh/kratos": { credentials: { password: { identifier: true } }, ...channel } },
      },
    },
  },
};
const identity = {
  default_schema_id: "phone",
  schemas: [{ id: "phone", url: encoded(schema) }],
};

/** Writes a number as it came from elsewhere, which no server of ours would. */
async function misspell(db: Database, phone: string, written: string): Promise<void> {
  const values = { value: written };
  await change(reach(db), credentialIdentifiers, { identifier: written }, (query) =>
    query.where("identifier", "=", phone),
  );
  await change(reach(db), addresses, values, (query) => query.where("value", "=", phone));
  for (const { id, traits, verifiableAddresses, recoveryAddresses } of await rowsOf(db, identities))
    if (traits["phone"] === phone)
      await change(
        reach(db),
        identities,
        {
          traits: { phone: written },
          verifiableAddresses: verifiableAddresses?.map((one) => ({ ...one, ...values })) ?? null,
          recoveryAddresses: recoveryAddresses?.map((one) => ({ ...one, ...values })) ?? null,
        },
        (query) => query.where("id", "=", id),
      );
}

for (const dialect of databases)
  test(`phone numbers that came from elsewhere are written by E.164, and people are found by them (${dialect})`, async (t) => {
    const { dsn, drop } = await createMigrated(dialect);
    const server = await startServer(t, { dsn, config: { identity } });
    t.after(() => drop());
    const made: string[] = [];
    for (const phone of ["+4930123456", "+4930123457", "+4930123458"]) {
      const { body } = await server.adminClient.post("/admin/identities", { schema_id: "phone", traits: { phone } });
      made.push(body.id);
    }
    const db = await openDatabase(dsn, entities);
    await misspell(db, "+4930123456", "+49 (30) 123 456");
    // Somebody else has the number of this one by now.
    await misspell(db, "+4930123457", "+49 30 12 34 58");
    await db.close();
    const run = (...words: string[]) =>
      runIn({}, "migrate", "normalize-phone-numbers", dsn, "--batch-delay", "0", ...words);
    const counts = async (...words: string[]) => {
      const { code, out, err } = await run("--format", "json", ...words);
      const rows = JSON.parse(out) as { scanned: number; updated: number; skipped: number; errors: number }[];
      return {
        code,
        err,
        rows: rows.map(({ scanned, updated, skipped, errors }) => [scanned, updated, skipped, errors]),
      };
    };
    const each = (...row: number[]) => [row, row, row];

    const dry = await counts("--dry-run", "-b", "1");
    assert.deepEqual([dry.code, dry.rows], [0, each(3, 2, 1, 0)]);
    assert.match(dry.err, /^Credential identifiers \S+: \+49 \(30\) 123 456 -> \+4930123456$/m);
    const [, after] = /--start-after (va=\S+)\)/.exec(dry.err)!;
    assert.deepEqual((await counts("--dry-run", "--start-after", after!)).rows[1]![0], 2);

    const real = await counts();
    assert.deepEqual([real.code, real.rows[0]], [1, [3, 1, 1, 1]], real.err);
    assert.match(real.err, /\+4930123458 is another person's\./);
    const { body } = await server.adminClient.get(`/admin/identities/${made[0]}`);
    assert.deepEqual(
      [
        body.traits.phone,
        body.verifiable_addresses[0].value,
        body.recovery_addresses[0].value,
        body.credentials.password.identifiers,
      ],
      ["+4930123456", "+4930123456", "+4930123456", ["+4930123456"]],
    );
    const found = await server.adminClient.get("/admin/identities?credentials_identifier=%2B4930123456");
    assert.equal(found.body.length, 1);
    assert.match((await run()).out, /^TABLE +SCANNED +UPDATED +SKIPPED +ERRORS\nCredential identifiers +3 +0 +2 +1\n/);
    const events = await server.adminClient.get(`/admin/events?subject_id=${made[0]}&type=IdentityUpdated`);
    assert.equal(events.body[0]?.reason, "migrate.phone_numbers", JSON.stringify(events.body));
  });

test("what is wrong with the call is told in a sentence", async () => {
  for (const [code, sentence, ...words] of [
    [2, /needs a database/],
    [
      2,
      /--start-after must be a table and an id, such as ci=<id>; the tables are ci, va, ra/,
      "sqlite://x",
      "--start-after",
      "xx=1",
    ],
    [2, /--batch-size must be a whole number/, "sqlite://x", "-b", "0"],
  ] as const) {
    const ran = await runIn({}, "migrate", "normalize-phone-numbers", ...words);
    assert.match(ran.err, sentence);
    assert.equal(ran.code, code);
  }
});
