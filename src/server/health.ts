import { Code, ConnectError } from "@connectrpc/connect";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { setTimeout as sleep } from "node:timers/promises";
import { Health, HealthCheckResponse_ServingStatus as Status } from "#gen/grpc/health/v1/health_pb.js";

const watchEveryMs = 1000;

/** What health checks tell of. */
export interface ServerState {
  /** Aborted when the server is about to go. */
  readonly leaving: AbortSignal;
  ready(): Promise<boolean>;
}

/** Tells whether the server can serve (grpc.health.v1): as a whole, and each of its services, which share its state. */
export function serveHealth(router: ConnectRouter, names: readonly string[], server: ServerState): void {
  const known = new Set(["", ...names]);
  const status = async () => ((await server.ready()) ? Status.SERVING : Status.NOT_SERVING);
  router.service(Health, {
    async check({ service }) {
      if (!known.has(service)) throw new ConnectError("unknown service", Code.NotFound);
      return { status: await status() };
    },
    async *watch({ service }, { signal }: HandlerContext) {
      let last: Status | undefined;
      while (!signal.aborted) {
        const now = known.has(service) ? await status() : Status.SERVICE_UNKNOWN;
        if (now !== last) yield { status: now };
        last = now;
        // A stream without end would keep the server from going.
        if (server.leaving.aborted) return;
        await sleep(watchEveryMs, undefined, { signal: AbortSignal.any([signal, server.leaving]) }).catch(
          () => undefined,
        );
      }
    },
  });
}
