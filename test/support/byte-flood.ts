import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** What a client sends: something once, and then the same as fast as it is taken. */
export interface ByteFlood {
  readonly first: Buffer | string;
  readonly again: Buffer;
  /** Whether the client reads what is answered; it does unless told otherwise. */
  readonly reads?: boolean;
}

/** Opens a connection to a server, by whatever way leads to it. */
export type Open = () => net.Socket;

/** Floods a server on many connections at once for a while. What the server cuts begins anew, as attackers do. */
export async function floodWith(
  { first, again, reads = true }: ByteFlood,
  open: Open,
  { connections = 10, forMs = 150 } = {},
): Promise<void> {
  const over = performance.now() + forMs;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < over) {
        const socket = open().on("error", () => undefined);
        if (reads) socket.resume();
        else socket.pause();
        socket.write(first);
        const pour = () => {
          while (!socket.destroyed && performance.now() < over) if (!socket.write(again)) return;
        };
        socket.on("drain", pour);
        pour();
        await Promise.race([
          new Promise((closed) => socket.once("close", closed)),
          pause(Math.max(0, over - performance.now())),
        ]);
        socket.destroy();
        await pause(50);
      }
    }),
  );
}
