import Sqlite from "better-sqlite3";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Dsn } from "./dsn.ts";
import type { Engine } from "./engine.ts";
import { prepareOnce } from "./prepare-once.ts";
import { sqliteReader } from "./reader-sqlite.ts";
import { refuseUnusableFile } from "./sqlite-file.ts";
import { sqliteWriter } from "./writer-sqlite.ts";

/** Opens a file of SQLite. One in memory belongs to one handle, but readers have another: so it is a file that nobody else knows. */
export async function openSqlite({ path }: Dsn & { dialect: "sqlite" }): Promise<Engine> {
  const directory = path === undefined ? await mkdtemp(join(tmpdir(), "ostiary-")) : undefined;
  const file = resolve(path ?? join(directory!, "memory.sqlite"));
  await refuseUnusableFile(file);
  // What has been answered has to be there after a power cut; but nobody will ever open the private file again.
  const handle = open(file, directory ? "off" : "full");
  prepareOnce(handle);
  return {
    dialect: "sqlite",
    native: handle,
    reader: sqliteReader(file),
    writer: sqliteWriter(handle),
    async close() {
      if (directory) await rm(directory, { recursive: true, force: true });
    },
  };
}

function open(file: string, synchronous: string): Sqlite.Database {
  let handle: Sqlite.Database | undefined;
  try {
    handle = new Sqlite(file);
    for (const pragma of [
      "journal_mode = wal",
      `synchronous = ${synchronous}`,
      "busy_timeout = 0",
      "foreign_keys = on",
    ])
      handle.pragma(pragma);
    return handle;
  } catch (error) {
    handle?.close();
    throw new Error(`The database ${file} cannot be opened.`, { cause: error });
  }
}
