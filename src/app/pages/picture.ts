import { readFileSync, statSync } from "node:fs";
import { isFile, pathOfFile } from "../../outgoing/file-url.ts";

/** What travels in each page should be small. */
const mostBytes = 64 * 1024;

const kinds: readonly (readonly [type: string, begins: RegExp])[] = [
  ["image/png", /^\x89PNG/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8/],
  ["image/webp", /^RIFF[^]{4}WEBP/],
  ["image/svg+xml", /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*<svg[\s>]/],
];

/**
 * A picture's address for browsers: one of the web as it is, one that only the server can read with what is in it. Browsers run nothing of a
 * picture that is shown as one.
 */
export function pictureAddress(url: string): string {
  const bytes = url.startsWith("base64://") ? Buffer.from(url.slice("base64://".length), "base64") : readPicture(url);
  if (!bytes) return url;
  if (bytes.length > mostBytes) throw new Error(`The picture is larger than ${mostBytes / 1024} KiB.`);
  const [type] = kinds.find(([, begins]) => begins.test(bytes.subarray(0, 1024).toString("latin1"))) ?? [];
  if (!type) throw new Error("The picture is neither PNG, JPEG, GIF, WebP nor SVG.");
  return `data:${type};base64,${bytes.toString("base64")}`;
}

function readPicture(url: string): Buffer | undefined {
  if (!isFile(url)) return undefined;
  const path = pathOfFile(url);
  if (statSync(path).size > mostBytes) throw new Error(`The picture is larger than ${mostBytes / 1024} KiB.`);
  return readFileSync(path);
}
