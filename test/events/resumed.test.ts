import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { runIn } from "../support/command-line.ts";
import { atOnce } from "../support/person.ts";
import type { TestServer } from "../support/server.ts";
import { onTwoServers } from "../support/servers.ts";
import { runSql } from "../support/run-sql.ts";
import { watch } from "../support/watcher.ts";

const asked = process.env["OSTIARY_RESUMES"];
/** How often the reader is killed: `OSTIARY_RESUMES=1000` takes a minute on each database of a machine that does nothing else, and writes as fast as that can. */
const resumes = Number(asked ?? 10);
const changesPerSecond = asked ? 200 : 60;
const writers = 8;

/** Makes accounts at a pace, one after the other, and answers with their ids in the order in which they were made. */
async function write(server: TestServer, writer: number, isOver: () => boolean): Promise<string[]> {
  const made: string[] = [];
  const everyMs = (1000 * writers) / changesPerSecond;
  const began = performance.now();
  while (!isOver()) {
    const email = `p${writer}.${made.length}@example.org`;
    const { status, body } = await server.admin("POST", "/admin/identities", {
      json: { schema_id: "person", traits: { email } },
    });
    assert.equal(status, 201, JSON.stringify(body));
    made.push(body.id);
    await pause(Math.max(0, began + made.length * everyMs - performance.now()));
  }
  return made;
}

onTwoServers(
  "a reader that is killed time and again while two servers write hears each event once and in the order of commits",
  async (one, other, t) => {
    // Two servers that write one file of SQLite's at this pace keep each other waiting for longer than they have patience for.
    const servers = one.app.db.dialect === "sqlite" ? [one] : [one, other];
    let isOver = false;
    const began = performance.now();
    const made: string[][] = [];
    const writing = atOnce(writers, async (writer) => {
      made[writer] = await write(servers[writer % servers.length]!, writer, () => isOver);
    });
    const seen: string[] = [];
    let cursor = "";
    const read = async (life: number, count: number) => {
      const watcher = await watch(
        servers[life % servers.length]!,
        cursor ? { after: cursor } : { fromBeginning: true },
      );
      for (const { subjectId } of await watcher.events(count)) seen.push(subjectId);
      cursor = watcher.cursor();
      watcher.kill();
    };
    try {
      for (let life = 0; life < resumes; life++) await Promise.race([read(life, 1 + (life % 9)), writing]);
    } finally {
      isOver = true;
    }
    const seconds = (performance.now() - began) / 1000;
    await writing;
    const all = made.flat().length;
    t.diagnostic(
      `${resumes} resumes in ${seconds.toFixed(1)} s, ${(all / seconds).toFixed(0)} changes a second, ${all} events`,
    );
    if (seen.length < all) await read(resumes, all - seen.length);

    assert.equal(new Set(seen).size, all);
    assert.equal(seen.length, all);
    const rows = await runSql<{ subject_id: string }>(one.app.db, "select subject_id from events order by sequence");
    assert.deepEqual(
      seen,
      rows.map(({ subject_id: id }) => id),
    );
    // Who writes begins anew once it is committed: so nobody's events may change places.
    for (const own of made) {
      const written = new Set(own);
      assert.deepEqual(
        seen.filter((id) => written.has(id)),
        own,
      );
    }
    assert.equal((await runIn({ KRATOS_ADMIN_URL: other.adminUrl }, "events", "verify")).code, 0);
  },
  {},
);
