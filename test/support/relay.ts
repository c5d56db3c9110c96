import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A port that leads to whichever server it is pointed at. */
export interface Relay {
  readonly port: number;
  /** Leads new connections to another server (`http://127.0.0.1:41234`), and ends those to the one before. */
  pointAt(address: string): void;
  close(): void;
}

/** Opens a relay, which leads nowhere yet. */
export async function openRelay(): Promise<Relay> {
  let target: URL | undefined;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    if (!target) return void socket.destroy();
    const onward = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on("error", () => to.destroy());
      from.on("close", () => void (open.delete(from), to.destroy()));
      from.pipe(to);
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const hangUp = () => open.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    pointAt(address) {
      hangUp();
      target = new URL(address);
    },
    close() {
      hangUp();
      server.close();
    },
  };
}
