import { access, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Says why a database's file cannot be used: SQLite says little of it, and writes others beside it. */
export async function refuseUnusableFile(path: string): Promise<void> {
  const folder = dirname(path);
  const refuse = (why: string) => {
    throw new Error(`The database ${path} cannot be opened: ${why}.`);
  };
  const { R_OK, W_OK, X_OK } = constants;
  const may = (name: string, mode: number) =>
    access(name, mode).then(
      () => undefined,
      ({ code }: NodeJS.ErrnoException) => code,
    );
  const file = await stat(path).catch(() => undefined);
  if (file?.isDirectory()) refuse("it is a folder");
  const folderDenied = await may(folder, W_OK | X_OK);
  if (folderDenied === "ENOENT" || folderDenied === "ENOTDIR") refuse(`there is no folder ${folder}`);
  if (folderDenied) refuse(`this user may not write in ${folder} (${folderDenied})`);
  const fileDenied = file && (await may(path, R_OK | W_OK));
  if (fileDenied) refuse(`this user may not write it (${fileDenied})`);
}
