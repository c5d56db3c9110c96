import type { AddressInfo, Server, Socket } from "node:net";
import { bind, type BindOptions } from "./listen.ts";

/** Where the connections of a port come from. */
export interface ConnectionSource {
  /** Has connections come from now on; answers with where, an address or the path of a socket. Throws, in words for the operator, where none can. */
  open(take: (socket: Socket) => void): Promise<AddressInfo | string>;
  /** Waits until all processes that share the source want no more, and has no more come to any of them then. */
  closeTogether(): Promise<void>;
  /** Has no more come to this process. */
  close(): Promise<void>;
}

/** A port that this process has for itself: the server takes what comes by it already. */
export function ownPort(server: Server, at: BindOptions): ConnectionSource {
  return {
    open: () => bind(server, at),
    closeTogether: () => Promise.resolve(),
    // Also where it does not listen yet: what is about to does not then.
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
