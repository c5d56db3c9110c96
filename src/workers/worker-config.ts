import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import { noteWritten } from "../config/written.ts";
import { onSupervisor, sendToSupervisor } from "../peers.ts";
import type { ConfigSnapshot, FromWorker, ToWorker } from "./messages.ts";

const configOf = ({ config, written }: ConfigSnapshot): Config => noteWritten(config, written);

/**
 * The configuration of a worker: as the supervisor has read it, so that all workers go by the same one, and one that starts
 * while the files hold nonsense goes by the last good one.
 */
export function workerConfig(start: ConfigSnapshot): ConfigStore {
  let current = configOf(start);
  let judge: (config: Config) => Promise<readonly string[]> = () => Promise.resolve([]);
  const listeners = new Set<(config: Config) => void>();
  const stop = onSupervisor<ToWorker>((message) => {
    if (message.kind === "config") {
      current = configOf(message);
      for (const listener of listeners) listener(current);
    } else if (message.kind === "judge") {
      const { id } = message;
      void judge(configOf(message))
        .catch((error: unknown) => [String(error)])
        .then((faults) => sendToSupervisor<FromWorker>({ kind: "judged", id, faults }));
    }
  });
  return {
    current: () => current,
    vet: (next) => void (judge = next),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: stop,
  };
}
