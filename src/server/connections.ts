import net from "node:net";
import tls from "node:tls";
import { type Arrivals, watchArrivals } from "./arrivals.ts";
import { detectVersion } from "./first-bytes.ts";
import type { TlsPair } from "./tls-pair.ts";

/** What takes the connections of a port. */
export interface Connections {
  readonly server: net.Server;
  /** All that are open. */
  readonly sockets: ReadonlySet<net.Socket>;
  /** Those whose handshake, or the first bytes that tell the version of HTTP, have not all come. */
  readonly undecided: ReadonlySet<net.Socket>;
  readonly arrivals: Arrivals;
  /** Shows another certificate from the next connection on. */
  renewTls(pair: TlsPair): void;
}

/** Hands a connection over to who speaks that version of HTTP. */
export type Receive = (socket: net.Socket, version: 1 | 2) => void;

const agreed = { ALPNProtocols: ["h2", "http/1.1"], minVersion: "TLSv1.2" } as const;

const secure = ({ key, cert, clientCa }: TlsPair) => ({ key, cert, ...agreed, ...(clientCa && { ca: clientCa }) });

/** Whether clients are asked for a certificate is for good. Who has none, or a bad one, may have another credential. */
const asking = ({ clientCa }: TlsPair) => (clientCa ? { requestCert: true, rejectUnauthorized: false } : {});

/** What TLS came by; a connection in the clear is that itself. */
const socketUnder = (socket: net.Socket & { readonly _parent?: net.Socket }): net.Socket => socket._parent ?? socket;

/** Takes connections, in the clear or over TLS, and tells the version of HTTP by what comes first. */
export function takeConnections(pair: TlsPair | undefined, patienceMs: number, receive: Receive): Connections {
  const sockets = new Set<net.Socket>();
  const undecided = new Set<net.Socket>();
  const arrivals = watchArrivals();
  const meet = (socket: net.Socket) =>
    detectVersion(socket, patienceMs, (version) => {
      undecided.delete(socketUnder(socket));
      receive(socket, version);
    });
  // What comes out of TLS goes the way of what comes in the clear, so that the same time-outs hold for it.
  const server: net.Server = pair
    ? tls.createServer({ ...secure(pair), ...asking(pair), noDelay: true, handshakeTimeout: patienceMs }, meet)
    : net.createServer({ noDelay: true }, meet);
  // Node tells of a handshake that fails or takes too long, and leaves the connection open.
  server.on("tlsClientError", (_error, socket: net.Socket) => socket.destroy());
  server.on("connection", (socket) => {
    arrivals.note();
    for (const set of [sockets, undecided]) {
      set.add(socket);
      socket.once("close", () => set.delete(socket));
    }
  });
  return {
    server,
    sockets,
    undecided,
    arrivals,
    renewTls: (fresh) => void (pair && (server as tls.Server).setSecureContext(secure(fresh))),
  };
}
