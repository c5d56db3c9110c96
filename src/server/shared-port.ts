import type { AddressInfo, Socket } from "node:net";
import { onSupervisor, sendToSupervisor } from "../peers.ts";
import type { ConnectionSource } from "./connection-source.ts";
import type { BindOptions } from "./listen.ts";

/** What a worker sends about a port that the supervisor listens on; `port` is the setting that says where. */
export type FromPort =
  | { readonly kind: "listen"; readonly port: string; readonly at: BindOptions }
  /** It has taken the connection that was sent to it; so many are open. */
  | { readonly kind: "accepted"; readonly port: string; readonly open: number }
  | { readonly kind: "open"; readonly port: string; readonly open: number }
  | { readonly kind: "close"; readonly port: string; readonly together: boolean };

/** What the supervisor sends about it. */
export type ToPort =
  | { readonly kind: "listening"; readonly port: string; readonly address: AddressInfo | string }
  | { readonly kind: "refused"; readonly port: string; readonly reason: string }
  /** Comes with the connection. */
  | { readonly kind: "connection"; readonly port: string }
  | { readonly kind: "closed"; readonly port: string };

/** Connections that the supervisor accepts and sends to one of its workers. */
export function sharedPort(at: BindOptions): ConnectionSource {
  const { setting: port = "" } = at;
  const count = countOpen(port);
  let stop = (): void => undefined;
  let isClosed = false;

  const answer = (kinds: readonly ToPort["kind"][]) =>
    new Promise<ToPort>((resolve) => {
      const unlisten = onSupervisor<ToPort>((message) => {
        if (message.port !== port || !kinds.includes(message.kind)) return;
        unlisten();
        resolve(message);
      });
    });

  async function close(together: boolean): Promise<void> {
    if (isClosed) return;
    // What was sent before the supervisor knows still comes.
    const closed = answer(["closed"]);
    const gone = new Promise<void>((resolve) => void process.once("disconnect", resolve));
    sendToSupervisor<FromPort>({ kind: "close", port, together });
    if (process.connected) await Promise.race([closed, gone]);
    isClosed = true;
    stop();
  }

  return {
    async open(take) {
      stop = onSupervisor<ToPort>((message, handle) => {
        if (message.kind !== "connection" || message.port !== port) return;
        const socket = handle as Socket | undefined;
        if (socket) {
          count.add(socket);
          take(socket);
        }
        sendToSupervisor<FromPort>({ kind: "accepted", port, open: count.open() });
      });
      const answered = answer(["listening", "refused"]);
      sendToSupervisor<FromPort>({ kind: "listen", port, at });
      const message = await answered;
      if (message.kind === "listening") return message.address;
      stop();
      throw new Error(message.kind === "refused" ? message.reason : message.kind);
    },
    closeTogether: () => close(true),
    close: () => close(false),
  };
}

/** Counts open connections, and tells the supervisor when some have closed: once for all that close in a turn of the event loop. */
function countOpen(port: string) {
  let open = 0;
  let scheduled = false;
  const tell = () => {
    scheduled = false;
    sendToSupervisor<FromPort>({ kind: "open", port, open });
  };
  return {
    open: () => open,
    add(socket: Socket) {
      open++;
      socket.once("close", () => {
        open--;
        if (!scheduled) setImmediate(tell);
        scheduled = true;
      });
    },
  };
}
