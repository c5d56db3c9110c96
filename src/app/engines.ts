import { presentEvent } from "../api/present-event.ts";
import { reactionsOf } from "../flow/reactions.ts";
import type { FlowKind } from "../flow/kinds.ts";
import type { Strategies } from "../flow/strategy.ts";
import type { TakesOver } from "../flow/works.ts";
import { loginEngine } from "../flows/login.ts";
import { recoveryEngine } from "../flows/recovery.ts";
import { registrationEngine } from "../flows/registration.ts";
import { settingsEngine } from "../flows/settings.ts";
import { standingHooks } from "../flows/standing-hooks.ts";
import { verificationEngine } from "../flows/verification.ts";
import { hooksOf } from "../hooks/index.ts";

/** The engines of all kinds of flows. */
export type Engines = ReturnType<typeof enginesOf>;

/** Makes the engines of all kinds of flows over the same methods. */
export function enginesOf(strategies: Strategies) {
  const reactions = reactionsOf(hooksOf(presentEvent), standingHooks);
  const engineOf = (kind: FlowKind): TakesOver => engines[kind];
  const settings = settingsEngine(strategies, reactions, engineOf);
  const engines = {
    login: loginEngine(strategies, reactions, engineOf),
    registration: registrationEngine(strategies, reactions, engineOf),
    settings,
    recovery: recoveryEngine(strategies, settings, reactions, engineOf),
    verification: verificationEngine(strategies, reactions, engineOf),
  };
  return engines;
}
