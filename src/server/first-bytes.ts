import type { Socket } from "node:net";

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

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
    socket.off("readable", look).off("error", drop).off("end", drop);
    socket.unshift(held);
    handOver(maybe ? 2 : 1);
  };
  socket.on("readable", look).on("error", drop).on("end", drop);
  socket.once("close", () => clearTimeout(patience));
}
