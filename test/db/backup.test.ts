import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Dialect } from "../../src/db/statement.ts";
import { runIn } from "../support/command-line.ts";
import { createMigrated, createScratch, databases } from "../support/databases.ts";
import { password, signInNatively } from "../support/person.ts";
import { startServer } from "../support/server.ts";
import type { TestServer } from "../support/server.ts";

const run = promisify(execFile);
const door = fileURLToPath(new URL("../../bin/ostiary.js", import.meta.url));

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-backup-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const pathOf = (dsn: string) => dsn.slice("sqlite://".length);
const has = (program: string) => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
const firstOf = (...programs: string[]) => programs.find(has);
const urlFlags = (dsn: string) => {
  const { hostname, port, username, pathname } = new URL(dsn);
  return { flags: [`--host=${hostname}`, `--port=${port}`, `--user=${username}`], name: pathname.slice(1) };
};

/** How a database is copied and put back, as docs/backup.md says it. */
interface Procedure {
  readonly needs: readonly string[];
  backUp(dsn: string, file: string): Promise<unknown>;
  restore(file: string, dsn: string): Promise<unknown>;
}

const procedures: Readonly<Record<Dialect, Procedure>> = {
  sqlite: {
    needs: [],
    backUp: (dsn, file) => run(process.execPath, [door, "backup", file, dsn]),
    restore: async (file, dsn) => copyFileSync(file, pathOf(dsn)),
  },
  postgresql: {
    needs: ["pg_dump", "pg_restore"],
    backUp: (dsn, file) => run("pg_dump", ["--format=custom", `--file=${file}`, dsn]),
    restore: (file, dsn) =>
      run("pg_restore", ["--exit-on-error", "--no-owner", "--single-transaction", `--dbname=${dsn}`, file]),
  },
  mysql: {
    needs: ["mariadb-dump|mysqldump", "mariadb|mysql"],
    backUp(dsn, file) {
      const { flags, name } = urlFlags(dsn);
      const dump = firstOf("mariadb-dump", "mysqldump")!;
      return run(dump, [...flags, "--single-transaction", "--hex-blob", `--result-file=${file}`, name]);
    },
    restore(file, dsn) {
      const { flags, name } = urlFlags(dsn);
      return run(firstOf("mariadb", "mysql")!, [...flags, `--execute=source ${file}`, name]);
    },
  },
};

const missing = ({ needs }: Procedure) => needs.find((one) => !firstOf(...one.split("|")));

/** Makes accounts and signs them in until told to stop; whoever is among its people has been answered. */
function keepBusy(server: TestServer) {
  const people: string[] = [];
  let stopped = false;
  const work = async (worker: number) => {
    for (let index = 0; !stopped; index++) {
      const email = `${worker}-${index}@example.org`;
      await server.createPerson({ email, password });
      await signInNatively(server, email);
      people.push(email);
    }
  };
  const working = Promise.all([0, 1].map(work));
  return {
    people,
    stop: () => ((stopped = true), working),
    async untilThereAre(count: number) {
      while (people.length < count) await Promise.race([working, new Promise((done) => setTimeout(done, 10))]);
    },
  };
}

for (const dialect of databases) {
  const procedure = procedures[dialect];
  const lacking = missing(procedure);
  const skip = lacking !== undefined && process.env.CI !== "true" && `NOT TRIED: this machine has no ${lacking}`;
  test(`what is copied while people sign up is whole, and serves them again (${dialect})`, { skip }, async (t) => {
    assert.equal(lacking, undefined, "a gate tries it");
    const [source, target] = [await createMigrated(dialect), await createScratch(dialect)];
    const file = join(newFolder(t), "copy");
    const server = await startServer(t, { dsn: source.dsn });
    const load = keepBusy(server);
    await load.untilThereAre(5);
    const before = load.people.length;
    await procedure.backUp(source.dsn, file);
    const during = load.people.length;
    await load.untilThereAre(during + 5);
    await load.stop();

    await procedure.restore(file, target.dsn);
    const restored = await startServer(t, { dsn: target.dsn });
    t.after(() => Promise.all([source.drop(), target.drop()]));
    for (const email of load.people.slice(0, before)) await signInNatively(restored, email);
    const { code, out, err } = await runIn({}, "events", "verify", "-e", restored.adminUrl);
    assert.equal(code, 0, out + err);
    assert.match(out, /\d+ events fit/);
    const { body: people } = await restored.adminClient.get("/admin/identities?per_page=500");
    assert.ok(
      people.length >= before && people.length <= load.people.length - 1,
      `${people.length} of ${before} to all`,
    );
  });
}

test("a copy is its owner's alone, and never takes the place of something", async (t) => {
  const { dsn, drop } = await createMigrated("sqlite");
  t.after(() => drop());
  const folder = newFolder(t);
  const file = join(folder, "copy.sqlite");
  const first = await runIn({}, "backup", file, dsn, "--format", "json");
  assert.deepEqual(JSON.parse(first.out), { file, bytes: statSync(file).size });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const whole = readFileSync(file);
  const second = await runIn({}, "backup", file, dsn);
  assert.deepEqual([second.code, second.out], [1, ""]);
  assert.match(second.err, /is there already, and is not overwritten/);
  assert.deepEqual(readFileSync(file), whole);
  const both = await Promise.all([1, 2].map(() => runIn({}, "backup", join(folder, "race"), dsn)));
  assert.deepEqual(both.map(({ code }) => code).toSorted(), [0, 1], "of two at once one has the name");
  assert.deepEqual(readdirSync(folder).toSorted(), ["copy.sqlite", "race"], "nothing is left beside");
});

test("what is no whole database is refused, and nothing is left behind", async (t) => {
  const folder = newFolder(t);
  const backUp = (dsn: string) => runIn({}, "backup", join(folder, "copy"), dsn);
  assert.match((await backUp(`sqlite://${folder}/none.sqlite`)).err, /There is no database/);
  writeFileSync(join(folder, "text"), "no database at all, and long enough to be looked at. ".repeat(100));
  assert.equal((await backUp(`sqlite://${folder}/text`)).code, 1);
  assert.equal((await runIn({}, "backup", join(folder, "no/copy"), `sqlite://${folder}/text`)).code, 1);
  assert.equal((await backUp("memory")).code, 2);
  assert.deepEqual(readdirSync(folder), ["text"]);
});

test("of other databases it is said what copies them, without their passwords", async () => {
  const saidOf = async (dsn: string) => {
    const { code, err, out } = await runIn({}, "backup", "it's.dump", dsn);
    assert.deepEqual([code, out], [1, ""]);
    assert.doesNotMatch(err, /secret/);
    return err;
  };
  assert.match(
    await saidOf("postgres://me:secret@db:5433/people"),
    /pg_dump --format=custom --host=db --port=5433 --username=me --file='it'\\''s\.dump' people\./,
  );
  assert.match(
    await saidOf("mysql://me:secret@tcp(db)/people"),
    /mysqldump .*--host=db --port=3306 --user=me -p .* people /,
  );
  assert.match(await saidOf("mysql://me:secret@unix(/run/my.sock)/people"), /--socket=\/run\/my\.sock /);
  assert.match(await saidOf("cockroach://me:secret@db/people"), /BACKUP DATABASE people INTO/);
});
