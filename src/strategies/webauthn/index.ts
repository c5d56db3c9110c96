import type { Strategy } from "../../flow/strategy.ts";
import { isPasswordless } from "./keys.ts";
import { login } from "./login.ts";
import { registration } from "./registration.ts";
import { settings } from "./settings.ts";

/** Security keys: alone, or as the second factor, as the configuration says. */
export const webauthn: Strategy<"webauthn"> = {
  name: "webauthn",
  aal: (config) => (isPasswordless(config) ? 1 : 2),
  enabled: (config) => config.selfservice.methods.webauthn.enabled,
  login,
  registration,
  settings,
};
