import assert from "node:assert/strict";
import type { RowOf } from "../../src/db/table.ts";
import { uuidv7 } from "../../src/db/id.ts";
import { insert } from "../../src/db/query.ts";
import { events } from "../../src/events/entities.ts";
import { onEachDatabase } from "../support/servers.ts";
import { reach } from "../support/rows.ts";
import { runSql } from "../support/run-sql.ts";

const accounts = 200;
const eventsEach = 20;

const event = (subjectId: string): RowOf<typeof events> => ({
  id: uuidv7(),
  sequence: null,
  hash: null,
  occurredAt: new Date(),
  type: "LoginFailed",
  reason: "login.password",
  actorKind: "anonymous",
  actorId: null,
  actorName: null,
  actorSessionId: null,
  onBehalfOfId: null,
  subjectId,
  sessionId: null,
  clientAddress: null,
  requestId: null,
  payload: {},
});

onEachDatabase(
  "the newest events of an account are found without reading others, and without sorting",
  async (server) => {
    const { db } = server.app;
    const owners = Array.from({ length: accounts }, () => uuidv7());
    for (let at = 0; at < eventsEach; at++) await insert(reach(db), events, owners.map(event));
    const run = (sql: string) => runSql<object>(db, sql);
    if (db.dialect === "postgresql") await run("analyze events");
    if (db.dialect === "mysql") await run("analyze table events");
    const { tenant } = reach(db);
    const explain = db.dialect === "sqlite" ? "explain query plan" : "explain";
    const plan = await run(
      `${explain} select * from events where nid = '${tenant.id}' and subject_id = '${owners[7]}' order by id desc limit 10`,
    );
    const text = JSON.stringify(plan);
    assert.match(text, /events_nid_subject_id_id_index/);
    assert.doesNotMatch(text, /temp b-tree|filesort|"Sort|-> +Sort/i);
  },
);
