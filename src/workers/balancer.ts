import { createServer, type AddressInfo, type Socket } from "node:net";
import { bind, type BindOptions } from "../server/listen.ts";

/** A worker that connections can be sent to. */
export interface Target {
  /** Sends it a connection; false where that is not possible any more. */
  send(socket: Socket): boolean;
}

/** Listens on a port for all workers, and sends each connection to the one that has the fewest (least connections). */
export interface Balancer {
  readonly address: AddressInfo | string;
  add(target: Target): void;
  /** The worker has accepted what was sent to it, and has so many open. */
  accepted(target: Target, open: number): void;
  /** So many are open at the worker. */
  open(target: Target, open: number): void;
  /** The worker closes the port: it is sent no more. */
  remove(target: Target): void;
  /** The worker has ended: what it had not accepted is sent to another one. */
  lose(target: Target): void;
  /** Stops listening, and drops what no worker has. */
  close(): void;
}

interface Slot {
  open: number;
  /** Sent and not accepted yet. One at a time: a worker whose event loop is busy is sent no more. */
  pending?: Socket | undefined;
  /** When it was last sent one, as a sequence number. */
  lastSent: number;
  removed: boolean;
}

// While no worker accepts any, as when all have ended at once.
const mostWaiting = 4096;

/** Starts to listen; throws, in words for the operator, where that is not possible. */
export async function openBalancer(at: BindOptions): Promise<Balancer> {
  const slots = new Map<Target, Slot>();
  const waiting: Socket[] = [];
  let sequence = 0;

  /** Who has the fewest; of several, who has waited longest. */
  function leastConnections(): [Target, Slot] | undefined {
    let best: [Target, Slot] | undefined;
    for (const entry of slots) {
      const [, { pending, open, lastSent, removed }] = entry;
      if (pending || removed) continue;
      if (!best || open < best[1].open || (open === best[1].open && lastSent < best[1].lastSent)) best = entry;
    }
    return best;
  }

  function dispatch(): void {
    while (waiting.length > 0) {
      const found = leastConnections();
      if (!found) return;
      const [target, slot] = found;
      const socket = waiting.shift()!;
      Object.assign(slot, { pending: socket, lastSent: ++sequence });
      slot.open++;
      if (target.send(socket)) continue;
      slots.delete(target);
      waiting.unshift(socket);
    }
  }

  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    waiting.push(socket);
    dispatch();
  });
  server.maxConnections = mostWaiting;
  const address = await bind(server, at);

  return {
    address,
    add(target) {
      slots.set(target, { open: 0, lastSent: 0, removed: false });
      dispatch();
    },
    accepted(target, open) {
      const slot = slots.get(target);
      if (!slot) return;
      // The worker's handle of the connection is one of its own: without this one the connection ends with that.
      slot.pending?.destroy();
      Object.assign(slot, { pending: undefined, open });
      if (slot.removed) slots.delete(target);
      dispatch();
    },
    open(target, open) {
      const slot = slots.get(target);
      if (slot) slot.open = open;
    },
    remove(target) {
      const slot = slots.get(target);
      if (slot?.pending) slot.removed = true;
      else slots.delete(target);
    },
    lose(target) {
      const pending = slots.get(target)?.pending;
      slots.delete(target);
      if (pending) waiting.unshift(pending);
      dispatch();
    },
    close() {
      server.close();
      for (const socket of waiting.splice(0)) socket.destroy();
    },
  };
}
