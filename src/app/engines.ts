import { presentEvent } from "../api/present-event.ts";
import { createHookRunner } from "../flow/hook-runner.ts";
import type { FlowKind } from "../flow/kinds.ts";
import type { Strategies } from "../flow/strategy.ts";
import type { HandoverTarget } from "../flow/engine-parts.ts";
import { loginEngine } from "../flows/login.ts";
import { recoveryEngine } from "../flows/recovery.ts";
import { registrationEngine } from "../flows/registration.ts";
import { settingsEngine } from "../flows/settings.ts";
import { builtInHooks } from "../flows/built-in-hooks.ts";
import { verificationEngine } from "../flows/verification.ts";
import { hooksOf } from "../hooks/index.ts";

/** The engines of all kinds of flows. */
export type Engines = ReturnType<typeof enginesOf>;

/** Makes the engines of all kinds of flows over the same methods. */
export function enginesOf(strategies: Strategies) {
  const hookRunner = createHookRunner(hooksOf(presentEvent), builtInHooks);
  const engineOf = (kind: FlowKind): HandoverTarget => engines[kind];
  const settings = settingsEngine(strategies, hookRunner, engineOf);
  const engines = {
    login: loginEngine(strategies, hookRunner, engineOf),
    registration: registrationEngine(strategies, hookRunner, engineOf),
    settings,
    recovery: recoveryEngine(strategies, settings, hookRunner, engineOf),
    verification: verificationEngine(strategies, hookRunner, engineOf),
  };
  return engines;
}
