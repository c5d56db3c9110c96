import type { Duplex } from "node:stream";
import type pg from "pg";

/** The socket of a connection, which the types of the driver keep to themselves. */
export const socketOf = (client: pg.ClientBase): Duplex =>
  (client as unknown as { connection: { stream: Duplex } }).connection.stream;

/**
 * Hands over in one piece what a socket has been given while it was corked: the driver sends a question in four pieces, and
 * to pass on each takes longer than to copy it.
 */
export function coalesceWrites(socket: Duplex): void {
  socket._writev = (pieces, done) =>
    socket._write(Buffer.concat(pieces.map(({ chunk }) => chunk as Buffer)), "buffer" as BufferEncoding, done);
}
