import Sqlite from "better-sqlite3";
import { randomBytes } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { refuseUnusableFile } from "./sqlite-file.ts";

/**
 * Copies a database of SQLite into a new file, as it is at one moment, while servers read and write it; answers the copy's size.
 * The file appears under its name once all of it is on the disk, and what is there already is never overwritten.
 */
export async function backUpSqlite(source: string, target: string): Promise<number> {
  if (!(await exists(source))) throw new Error(`There is no database ${source}.`);
  await refuseUnusableFile(target);
  if (await exists(target)) throw new Error(`${target} is there already, and is not overwritten.`);
  const partial = `${target}.${randomBytes(4).toString("hex")}.partial`;
  // Whoever may read password hashes is decided before there are any: SQLite fills an empty file.
  await create(partial);
  try {
    copy(source, partial);
    const { size } = await stat(partial);
    await flush(partial);
    await publish(partial, target);
    return size;
  } finally {
    await rm(partial, { force: true });
  }
}

/** One reading transaction, beside which others write. The driver's own way begins anew with each write of another process. */
function copy(source: string, target: string): void {
  const database = new Sqlite(source, { fileMustExist: true, timeout: 10_000 });
  try {
    database.prepare("vacuum into ?").run(target);
  } finally {
    database.close();
  }
  const copied = new Sqlite(target, { readonly: true });
  try {
    const found = copied.pragma("integrity_check(1)", { simple: true });
    if (found !== "ok") throw new Error(`The copy is damaged, as the database may be: ${found}`);
  } finally {
    copied.close();
  }
}

/** The name is taken first, since renaming would overwrite what somebody else has made meanwhile. */
async function publish(partial: string, target: string): Promise<void> {
  await create(target).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST" ? new Error(`${target} is there already, and is not overwritten.`) : error;
  });
  await rename(partial, target);
  // Where folders cannot be opened, on Windows, their entries are written through.
  if (process.platform !== "win32") await flush(dirname(resolve(target)), "r");
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const create = async (path: string): Promise<void> => (await open(path, "wx", 0o600)).close();

async function flush(path: string, mode = "r+"): Promise<void> {
  const handle = await open(path, mode);
  await handle.sync().finally(() => handle.close());
}
