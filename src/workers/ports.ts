import type { BindOptions } from "../server/listen.ts";
import type { FromPort } from "../server/shared-port.ts";
import { errorMessage } from "../text/error-message.ts";
import { openBalancer, type Balancer, type Target } from "./balancer.ts";
import type { Worker } from "./worker.ts";

/** The ports that the workers of a server share, by the settings that say where they are. */
export interface Ports {
  receive(worker: Worker, message: FromPort): Promise<void>;
  /** The worker has ended. */
  lose(worker: Worker): void;
  close(): void;
}

interface Port {
  readonly balancer: Promise<Balancer>;
  readonly targets: Map<Worker, Target>;
  /** Those that wait for the others to close the port with them. */
  readonly leaving: Set<Worker>;
}

const openPort = (at: BindOptions): Port => ({
  balancer: openBalancer(at),
  targets: new Map(),
  leaving: new Set(),
});

function closePort({ balancer }: Port): void {
  balancer.then(
    ({ close }) => close(),
    () => undefined,
  );
}

/** Begins with no port: each is opened when the first worker asks for it, and closed when the last one closes it. */
export function createPorts(): Ports {
  const ports = new Map<string, Port>();

  async function listen(worker: Worker, { port: name, at }: FromPort & { kind: "listen" }): Promise<void> {
    const port = ports.get(name) ?? openPort(at);
    ports.set(name, port);
    try {
      const balancer = await port.balancer;
      const target: Target = { send: (socket) => worker.sendConnection(name, socket) };
      port.targets.set(worker, target);
      worker.send({ kind: "listening", port: name, address: balancer.address });
      balancer.add(target);
    } catch (error) {
      ports.delete(name);
      worker.send({ kind: "refused", port: name, reason: errorMessage(error) });
    }
  }

  /** Calls back with the port and the worker's part in it, where it has one. */
  async function within(
    name: string,
    worker: Worker,
    act: (balancer: Balancer, target: Target) => void,
  ): Promise<void> {
    const port = ports.get(name);
    const balancer = await port?.balancer.catch(() => undefined);
    const target = port?.targets.get(worker);
    if (balancer && target) act(balancer, target);
  }

  async function closeFor(worker: Worker, name: string): Promise<void> {
    await within(name, worker, (balancer, target) => {
      const { targets } = ports.get(name)!;
      balancer.remove(target);
      targets.delete(worker);
      if (targets.size > 0) return;
      ports.delete(name);
      balancer.close();
    });
    worker.send({ kind: "closed", port: name });
  }

  async function closeTogether(worker: Worker, name: string): Promise<void> {
    await within(name, worker, () => void ports.get(name)!.leaving.add(worker));
    if (!ports.has(name)) worker.send({ kind: "closed", port: name });
    await closeIfAllLeave(name);
  }

  async function closeIfAllLeave(name: string): Promise<void> {
    const port = ports.get(name);
    if (!port || port.leaving.size === 0 || port.leaving.size < port.targets.size) return;
    ports.delete(name);
    (await port.balancer).close();
    for (const worker of port.leaving) worker.send({ kind: "closed", port: name });
  }

  return {
    async receive(worker, message) {
      if (message.kind === "listen") return listen(worker, message);
      if (message.kind === "close") return (message.together ? closeTogether : closeFor)(worker, message.port);
      return within(message.port, worker, (balancer, target) => balancer[message.kind](target, message.open));
    },
    lose(worker) {
      // The port stays, even without any worker: connections wait for the next one.
      for (const [name, { targets, leaving }] of ports)
        void within(name, worker, (balancer, target) => {
          targets.delete(worker);
          leaving.delete(worker);
          balancer.lose(target);
        }).then(() => closeIfAllLeave(name));
    },
    close: () => ports.forEach(closePort),
  };
}
