import { setTimeout as pause } from "node:timers/promises";
import { onRecorded } from "../events/recorded.ts";
import type { Log } from "../log.ts";
import { createNotifier } from "../notifier.ts";
import { dispatchTenant, type Dispatching } from "./dispatch.ts";
import type { Registry } from "./registry.ts";
import type { Subscription } from "./subscription.ts";

/** What a dispatcher works with. */
export interface DispatcherOptions extends Dispatching {
  readonly log: Log;
  readonly registry: Registry;
}

/** Events that are committed together are taken in together. */
const gatherMs = 25;
/** How soon a subscription that was made elsewhere is noticed. */
const lookEveryMs = 1_000;
/** Each server takes in what is committed by itself. What one has left behind that was killed, another takes in. */
const sweepEveryMs = 5_000;

/** Puts events into the lines of subscriptions as they happen. Every server does. */
export function startDispatcher({ registry, log, ...parts }: DispatcherOptions): { stop(): Promise<void> } {
  const notifier = createNotifier();
  const happened = new Set<string>();
  let stopping = false;
  let sweptAt = Number.NEGATIVE_INFINITY;
  let stopHearing: (() => void) | undefined;
  let knownBefore: readonly Subscription[] | undefined;

  /** Nobody has to tell of events that nobody is subscribed to. */
  function hearIf(there: boolean): void {
    if (there)
      stopHearing ??= onRecorded(parts.db, (tenantId) => {
        happened.add(tenantId);
        notifier.notify();
      });
    else {
      stopHearing?.();
      stopHearing = undefined;
    }
  }

  async function round(): Promise<void> {
    const known = await registry.current();
    const active = known.filter(({ state }) => state === "active");
    hearIf(active.length > 0);
    const sweeps = known !== knownBefore || performance.now() - sweptAt >= sweepEveryMs;
    if (sweeps) sweptAt = performance.now();
    knownBefore = known;
    const heard = new Set(happened);
    happened.clear();
    for (const [tenantId, own] of Map.groupBy(active, ({ tenant }) => tenant.id))
      if (!stopping && (sweeps || heard.has(tenantId)))
        // What goes wrong with one tenant's is taken in by the next sweep, and keeps nobody else's.
        await dispatchTenant(parts, { id: tenantId }, own).catch((error: unknown) =>
          log.warn("events could not be taken in for subscriptions", { error, tenant: tenantId }),
        );
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping;) {
      try {
        await round();
        failures = 0;
      } catch (error) {
        failures++;
        log.warn("subscriptions could not be read", { error, failures });
      }
      await notifier.wait(lookEveryMs * Math.max(1, Math.min(failures, 30)));
      if (!stopping) await pause(gatherMs, undefined, { ref: false });
    }
  }

  const running = run();
  return {
    async stop() {
      stopping = true;
      stopHearing?.();
      notifier.notify();
      await running;
    },
  };
}
