import type { Socket } from "node:net";
import { createQueue } from "./queue.ts";

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

// What a client begins with that has few requests to send. Those of others take their time, in which nobody else is served.
const mostAtOnce = 2048;
const large = createQueue(1);

/**
 * Tells HTTP/2 from HTTP/1.1 by how a connection begins (RFC 9113, 3.4), and hands it over once, with all its bytes.
 * Who ends it before that, or takes longer than `patienceMs`, is disconnected.
 */
export function detectVersion(socket: Socket, patienceMs: number, handOver: (version: 1 | 2) => void): void {
  const drop = () => void socket.destroy();
  const patience = setTimeout(drop, patienceMs);
  // What has been read is kept here until it is enough: put back, it would count as new at once, and for ever.
  let held: Buffer = Buffer.alloc(0);
  const look = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    held = held.length ? Buffer.concat([held, chunk]) : chunk;
    const length = Math.min(held.length, preface.length);
    const maybe = held.subarray(0, length).equals(preface.subarray(0, length));
    if (maybe && length < preface.length) return;
    clearTimeout(patience);
    socket.off("readable", look);
    if (held.length > mostAtOnce) large(() => pass(maybe ? 2 : 1));
    else pass(maybe ? 2 : 1);
  };
  const pass = (version: 1 | 2) => {
    if (socket.destroyed) return;
    socket.off("error", drop).off("end", drop);
    socket.unshift(held);
    handOver(version);
  };
  socket.on("readable", look).on("error", drop).on("end", drop);
  socket.once("close", () => clearTimeout(patience));
}
