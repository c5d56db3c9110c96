import { once } from "node:events";
import { chmodSync, existsSync, lstatSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { dirname } from "node:path";
import { giveSocket } from "./socket-owner.ts";

/** Where a port is to be. */
export interface BindOptions {
  /** The setting that says so. */
  readonly setting?: string;
  /** A host name, an address, or `unix:/path`; empty for all addresses of IPv4. */
  readonly host: string;
  readonly port: number;
  /** Whose the unix socket is, and its permissions. */
  readonly socket?: { readonly owner: string; readonly group: string; readonly mode: number };
}

/** Lets a server listen at an address or in the file of a socket, of which it sees to owner and permissions; answers with where. */
export async function bind(server: Server, options: BindOptions): Promise<AddressInfo | string> {
  const { host, port, socket, setting } = options;
  const path = host.startsWith("unix:") ? socketPath(host, setting) : undefined;
  await listenAt(server, path === undefined ? { host: host || "0.0.0.0", port } : { path }, setting);
  if (path === undefined) return server.address() as AddressInfo;
  try {
    if (socket) {
      chmodSync(path, socket.mode);
      giveSocket(path, socket);
    }
    return path;
  } catch (error) {
    // Not to be found by anybody it is not meant for.
    server.close();
    throw error;
  }
}

/** The path of a unix socket. Throws on Windows, where Node knows pipes in their place, which others could not connect to. */
export function socketPath(host: string, setting?: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== "win32") return host.slice("unix:".length);
  const named = setting ? ` (${setting})` : "";
  throw new Error(
    `This server cannot listen at ${host}${named}: there are no unix sockets on Windows. Name an address and a port.`,
  );
}

/** Where a server listens: at a port, of a host or of all that this machine is, or in the file of a socket. */
export type ListenAt = { readonly host?: string; readonly port: number } | { readonly path: string };

/** Lets a server listen; throws, in words for the operator, where it cannot. */
export async function listenAt(server: Server, where: ListenAt, setting?: string): Promise<void> {
  try {
    if ("path" in where) await makeRoom(where.path);
    server.listen(where);
    await once(server, "listening");
  } catch (error) {
    const { code: said = "", message } = error as NodeJS.ErrnoException;
    // Where there is no folder for a socket, Node says that it may not be made.
    const code = "path" in where && said === "EACCES" && !existsSync(dirname(where.path)) ? "ENOENT" : said;
    const place = "path" in where ? where.path : `port ${where.port}${where.host ? ` of ${where.host}` : ""}`;
    throw new Error(
      `This server cannot listen at ${place}${setting ? ` (${setting})` : ""}: ${reasons[code] ?? message} (${code}).`,
    );
  }
}

/** Removes the file of a socket that a server left behind which is no more. */
async function makeRoom(path: string): Promise<void> {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (!file) return;
  if (!file.isSocket()) throw Object.assign(new Error(), { code: "EEXIST" });
  if (await isAlive(path)) throw Object.assign(new Error(), { code: "EADDRINUSE" });
  unlinkSync(path);
}

async function isAlive(path: string): Promise<boolean> {
  const socket = connect(path);
  const alive = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return alive;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process does already",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EADDRNOTAVAIL: "this machine has no such address",
  EAFNOSUPPORT: "this machine has no addresses of that kind",
  ENOTFOUND: "nobody knows this host name",
  EAI_AGAIN: "nobody answers what the address of this host name is",
  EEXIST: "a file that is no socket is there",
  ENOENT: "the folder does not exist",
  ENOTDIR: "it is in no folder",
  EROFS: "nothing can be written there",
  EINVAL: "the system takes no such name, of more than 107 bytes for instance",
};
