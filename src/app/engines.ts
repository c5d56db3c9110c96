import { presentEvent } from "../api/present-event.ts";
import { reactionsOf } from "../flow/reactions.ts";
import type { Strategies } from "../flow/strategy.ts";
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
  const settings = settingsEngine(strategies, reactions);
  return {
    login: loginEngine(strategies, reactions),
    registration: registrationEngine(strategies, reactions),
    settings,
    recovery: recoveryEngine(strategies, settings, reactions),
    verification: verificationEngine(strategies, reactions),
  };
}
