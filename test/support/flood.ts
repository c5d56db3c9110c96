import { once } from "node:events";
import http2 from "node:http2";
import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { ServerProcess } from "./server-process.ts";

/** A connection on which requests are sent, one after another without waiting; nothing of the answers is read until `read`. */
export function pipeline(
  server: ServerProcess,
  path: string,
  count: number,
): { readonly socket: net.Socket; read(): Promise<number[]> } {
  const socket = net.connect(server.publicPort, "127.0.0.1").on("error", () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count));
  return {
    socket,
    /** The statuses of all answers, when they have come or the connection has ended. */
    async read() {
      let text = "";
      const statuses = () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
      const ended = once(socket, "close");
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
        if (statuses().length >= count) socket.destroy();
      });
      await ended;
      return statuses();
    },
  };
}

/** A connection of HTTP/2 whose client takes nothing of any answer: the windows of its streams are closed. */
export async function closedWindows(server: ServerProcess): Promise<http2.ClientHttp2Session> {
  const session = http2.connect(server.publicUrl, { settings: { initialWindowSize: 0 }, maxSessionMemory: 100 });
  session.on("error", () => undefined);
  await once(session, "connect");
  return session;
}

/** Opens streams and resets them as soon as they are on their way. */
export async function openAndReset(session: http2.ClientHttp2Session, path: string, count: number): Promise<void> {
  for (let opened = 0; opened < count && !session.destroyed && !session.closed; opened++) {
    const stream = session.request({ ":path": path }).on("error", () => undefined);
    stream.close(http2.constants.NGHTTP2_CANCEL);
    if (opened % 50 === 49) await pause(1);
  }
}
