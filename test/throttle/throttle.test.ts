import assert from "node:assert/strict";
import { countTry, forgetTries } from "../../src/throttle/throttle.ts";
import { eachDatabase } from "../support/databases.ts";
import { configOf } from "../support/config.ts";
import { courierContext } from "../support/courier-context.ts";
import { atOnce } from "../support/person.ts";

const tried = { what: "door", whom: "somebody" };
const allowance = { tries: 7, windowMs: 60_000 };

eachDatabase(
  "of any number of tries at once as many are made as are allowed, until the time is over or somebody succeeds",
  async (db) => {
    let ahead = 0;
    const at = () => courierContext(db, configOf({ dsn: "memory" }), {}, () => new Date(1_800_000_000_000 + ahead));
    const tries = async (times: number) =>
      (await atOnce(times, () => countTry(at(), tried, allowance))).filter(Boolean).length;
    assert.equal(await tries(64), 7);
    assert.equal(await tries(5), 0);
    assert.equal(await countTry(at(), { ...tried, whom: "another" }, allowance), true);
    ahead = 60_000;
    assert.equal(await tries(64), 7);
    await forgetTries(at(), tried, [allowance]);
    assert.equal(await tries(20), 7);
  },
);
