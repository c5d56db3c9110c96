import { resolve } from "node:path";
import { type Dsn, parseDsn, type ServerDsn } from "../db/dsn.ts";
import { misuse, type Command } from "./command.ts";
import { databaseOf, databaseOperand, databaseOptions } from "./database-operand.ts";
import { exitCodes } from "./exit-codes.ts";
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";

/** `ostiary backup` */
export const backupCommand: Command = {
  name: "backup",
  operands: [{ name: "<file>", summary: "The new file. What is there already is not overwritten." }, databaseOperand],
  summary: "Copies a database of SQLite into a file, beside servers that write.",
  details: [
    "The copy is the database at one moment, is examined, and is on the disk when the command ends. It holds password hashes, and only its owner may read it. To restore it is to put it where the database was, while no server runs: docs/backup.md.",
    "PostgreSQL and MySQL have programs of their own for this, pg_dump and mysqldump; the command names what to call.",
  ],
  examples: ["ostiary backup /backup/ostiary-2026-01-31.sqlite -e"],
  options: [...databaseOptions, ...formatOptions],
  async run(call) {
    const [file, ...operands] = call.operands;
    if (!file) throw misuse("needs the name of the new file.");
    const print = await printerFor(call);
    const source = pathOf(parseDsn(databaseOf({ ...call, operands })), file);
    const { backUpSqlite } = await import("../db/backup-sqlite.ts");
    const bytes = await backUpSqlite(source, resolve(file));
    await print.words(() => call.out(`${file}: ${bytes} bytes, whole.`), { file, bytes });
    return exitCodes.done;
  },
};

function pathOf(dsn: Dsn, file: string): string {
  if (dsn.dialect !== "sqlite")
    throw new Error(`copies SQLite alone. ${programFor(dsn, file)} docs/backup.md tells more.`);
  if (dsn.path === undefined) throw misuse("cannot copy a database in memory: only the server that runs on it can.");
  return resolve(dsn.path);
}

/** What copies a database of a server, without its password: others can see what programs are called with. */
function programFor({ dialect, cockroach, host, port, socket, user, database }: ServerDsn, file: string): string {
  if (cockroach) return `CockroachDB is backed up by a statement: BACKUP DATABASE ${database} INTO '<where>';`;
  const socketFlag = dialect === "postgresql" ? "host" : "socket";
  const where = socket ? `--${socketFlag}=${quoted(socket)}` : `--host=${quoted(host)} --port=${port}`;
  return dialect === "postgresql"
    ? `This database is copied by: pg_dump --format=custom ${where} --username=${quoted(user)} --file=${quoted(file)} ${quoted(database)}.`
    : `This database is copied by: mysqldump --single-transaction --hex-blob ${where} --user=${quoted(user)} -p --result-file=${quoted(file)} ${quoted(database)} (mariadb-dump on MariaDB).`;
}

/** A word as a shell takes it. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
