import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { extname } from "node:path";
import { gzipSync } from "node:zlib";
import { ownFile } from "../own-file.ts";

/** A file of the console, as it is served. */
export interface ConsoleFile {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly zipped: Uint8Array;
  readonly etag: string;
}

/** The console's files by their names. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

let loading: Promise<ConsoleFiles> | undefined;

/** The files: read where the package holds them, made of their sources where it does not. Neither is done before somebody asks. */
export function consoleFiles(): Promise<ConsoleFiles> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<ConsoleFiles> {
  const packed = ownFile("console/");
  const isPacked = existsSync(new URL("index.html", packed));
  const files = isPacked ? readdirSync(packed).map((name) => read(packed, name)) : [...(await make())];
  return new Map(files.map(([name, bytes]) => [name, served(name, bytes)]));
}

const read = (folder: URL, name: string): readonly [string, Uint8Array] => [name, readFileSync(new URL(name, folder))];

async function make(): Promise<ReadonlyMap<string, Uint8Array>> {
  // By an address that the bundler does not see: it is no part of the package.
  const maker = (await import(ownFile("../web/console/build.mjs").href)) as {
    buildConsole(): Promise<ReadonlyMap<string, Uint8Array>>;
  };
  return maker.buildConsole();
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const served = (name: string, bytes: Uint8Array): ConsoleFile => ({
  type: types[extname(name)] ?? "application/octet-stream",
  bytes,
  zipped: gzipSync(bytes, { level: 9 }),
  etag: `W/"${createHash("sha256").update(bytes).digest("base64url").slice(0, 24)}"`,
});
