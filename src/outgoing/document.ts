import { readFileSync, statSync } from "node:fs";
import { createBoundedCache } from "../bounded-cache.ts";
import type { ClientsConfig } from "../config/outgoing-config.ts";
import { isFile, pathOfFile } from "./file-url.ts";
import { callOut } from "./request.ts";

const mostBytes = 1_048_576;
const timeoutMs = 10_000;
const freshMs = 60_000;

interface Kept {
  readonly text: string;
  /** For a file, its time and size; for a web address, when it was fetched. */
  readonly mark: string | number;
}

const kept = createBoundedCache<string, Kept>(500);
const underWay = new Map<string, Promise<string>>();

/**
 * The document that the configuration names by file://, http://, https:// or base64://. A file is read again as soon as it
 * has changed. A document of the web is fetched again after a minute, and nobody waits for that but the first.
 */
export async function readDocument(url: string, clients: Pick<ClientsConfig, "http">): Promise<string> {
  const own = readOwn(url);
  if (own !== undefined) return own;
  const known = kept.get(url);
  if (!known) return fetchOnce(url, clients);
  // What could not be fetched anew stays as it was.
  if (Date.now() - Number(known.mark) > freshMs)
    fetchOnce(url, clients).catch(() => kept.set(url, { text: known.text, mark: Date.now() }));
  return known.text;
}

/** The document as it is now, which for one of the web takes a call. */
export async function readAnew(url: string, clients: Pick<ClientsConfig, "http">): Promise<string> {
  return readOwn(url) ?? fetchOnce(url, clients);
}

/** A document that is held in its address or lies on this machine. */
function readOwn(url: string): string | undefined {
  if (url.startsWith("base64://")) return bounded(Buffer.from(url.slice("base64://".length), "base64"), url);
  return isFile(url) ? readChanged(pathOfFile(url)) : undefined;
}

/** A file's text. It is read without the thread pool, in which passwords are hashed, and only if it has changed. */
export function readChanged(path: string): string {
  const { mtimeMs, size, isFile } = statOf(path);
  if (!isFile) throw new Error(`${path} is not a file.`);
  const mark = `${mtimeMs} ${size}`;
  const known = kept.get(path);
  if (known?.mark === mark) return known.text;
  if (size > mostBytes) throw new Error(`${path} is larger than 1 MiB.`);
  const text = readFileSync(path, "utf8");
  kept.set(path, { text, mark });
  return text;
}

function statOf(path: string): { mtimeMs: number; size: number; isFile: boolean } {
  const stat = statSync(path);
  return { mtimeMs: stat.mtimeMs, size: stat.size, isFile: stat.isFile() };
}

function fetchOnce(url: string, clients: Pick<ClientsConfig, "http">): Promise<string> {
  let fetching = underWay.get(url);
  if (!fetching) {
    fetching = download(url, clients).finally(() => underWay.delete(url));
    underWay.set(url, fetching);
  }
  return fetching;
}

async function download(url: string, clients: Pick<ClientsConfig, "http">): Promise<string> {
  const { status, body } = await callOut({ url }, { timeoutMs, mostBytes, clients });
  if (status !== 200) throw new Error(`${url.slice(0, 200)} answered ${status}.`);
  const text = bounded(body, url);
  kept.set(url, { text, mark: Date.now() });
  return text;
}

function bounded(bytes: Buffer, url: string): string {
  if (bytes.length > mostBytes) throw new Error(`The document ${url.slice(0, 60)} is larger than 1 MiB.`);
  return bytes.toString("utf8");
}
