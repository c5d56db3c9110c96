import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { withoutSlashBeforeDrive } from "../text/drive-path.ts";

const scheme = "file://";

/**
 * The path of a file's address. As in Kratos it begins behind the scheme, is relative to where the server was started unless
 * it begins with a slash, and nothing in it is encoded; where there is no such file, it is read as a URL.
 */
export function pathOfFile(url: string): string {
  const written = withoutSlashBeforeDrive(url.slice(scheme.length));
  const path = resolve(written);
  return existsSync(path) || !/%[0-9a-f]{2}/i.test(written) ? path : resolve(decodeURIComponent(written));
}

/** Whether an address is a file's. */
export const isFile = (url: string): boolean => url.startsWith(scheme);

/** The address of a document that may be named by the path of a file alone, as was usual once. */
export const asAddress = (written: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : scheme + written;
