import assert from "node:assert/strict";
import { test } from "node:test";
import { discardCodes, issueCode, issueDecoy } from "../../src/code/issue.ts";
import type { CodeRequest } from "../../src/code/issue.ts";
import { redeemCode } from "../../src/code/redeem.ts";
import { drawSecret } from "../../src/code/secret.ts";
import type { Context } from "../../src/context.ts";
import type { Database } from "../../src/db/connection.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { defaultTenant } from "../../src/tenant.ts";
import { configOf } from "../support/config.ts";
import type { ConfigTree } from "../support/config.ts";
import { eachDatabase } from "../support/databases.ts";
import { runSql } from "../support/run-sql.ts";

function contextOf(db: Database, config: ConfigTree = {}, now = () => new Date()) {
  return { tenant: defaultTenant, db, config: configOf({ dsn: "memory", ...config }), now } as unknown as Context;
}

const request = (flowId: string): CodeRequest => ({
  flowId,
  purpose: "recovery",
  via: "email",
  address: "ada@example.org",
  kind: "digits",
  lifespanMs: 600_000,
  identityId: null,
});

eachDatabase("of 64 who bring the right code at once, one gets the proof", async (db) => {
  const ctx = contextOf(db);
  const flow = { flowId: uuidv7(), purpose: "recovery" } as const;
  const { secret } = await issueCode(ctx, request(flow.flowId));
  const tries = Array.from({ length: 64 }, () => redeemCode(contextOf(db), flow, secret));
  const proven = (await Promise.all(tries)).filter(Boolean);
  assert.deepEqual(proven, [{ via: "email", address: "ada@example.org", identityId: null }]);
});

eachDatabase("a code is worth nothing in another flow, for another purpose, too late, or once replaced", async (db) => {
  let now = new Date();
  const ctx = contextOf(db, {}, () => now);
  const flow = { flowId: uuidv7(), purpose: "recovery" } as const;
  const { secret, expiresAt } = await issueCode(ctx, request(flow.flowId));
  assert.equal(await redeemCode(ctx, { ...flow, flowId: uuidv7() }, secret), undefined);
  assert.equal(await redeemCode(ctx, { ...flow, purpose: "login" }, secret), undefined);
  now = expiresAt;
  assert.equal(await redeemCode(ctx, flow, secret), undefined);
  now = new Date(expiresAt.getTime() - 1);
  await discardCodes(ctx, flow.flowId, "recovery");
  assert.equal(await redeemCode(ctx, flow, secret), undefined);
  const again = await issueCode(ctx, request(flow.flowId));
  assert.ok(await redeemCode(ctx, flow, again.secret));
});

eachDatabase("the database keeps no code, and a rotated secret still knows those on their way", async (db) => {
  const old = "an-older-secret-of-tests";
  const before = contextOf(db, { secrets: { default: [old] } });
  const flow = { flowId: uuidv7(), purpose: "recovery" } as const;
  const { secret } = await issueCode(before, request(flow.flowId));
  await issueDecoy(before, request(flow.flowId));
  const rows = await runSql<object>(db, "select * from codes");
  assert.equal(rows.length, 2);
  // The ids are random: digits of theirs may be the code's.
  assert.ok(
    !rows.some((row: object) =>
      Object.entries(row).some(([name, value]) => !/id|hash|_at/.test(name) && String(value).includes(secret)),
    ),
  );
  const gone = contextOf(db, { secrets: { default: ["a-newer-secret-of-tests"] } });
  assert.equal(await redeemCode(gone, flow, secret), undefined);
  const after = contextOf(db, { secrets: { default: ["a-newer-secret-of-tests", old] } });
  assert.ok(await redeemCode(after, flow, secret));
});

test("every digit is as likely as every other, at every place", () => {
  const draws = 100_000;
  const counts = Array.from({ length: 6 }, () => Array.from({ length: 10 }, () => 0));
  for (let i = 0; i < draws; i++)
    for (const [place, digit] of [...drawSecret("digits", 6)].entries()) counts[place]![Number(digit)]!++;
  for (const place of counts) {
    const expected = draws / 10;
    const chiSquare = place.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // Nine degrees of freedom: beyond 40 once in 130 000 honest runs.
    assert.ok(chiSquare < 40, `chi square ${chiSquare}`);
  }
});
