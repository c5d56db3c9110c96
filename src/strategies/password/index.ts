import type { Strategy } from "../../flow/strategy.ts";
import { login } from "./login.ts";
import { registration } from "./registration.ts";
import { settings } from "./settings.ts";

/** Passwords: something that a person knows, stored as a slow hash. */
export const password: Strategy<"password"> = {
  name: "password",
  aal: () => 1,
  enabled: (config) => config.selfservice.methods.password.enabled,
  login,
  registration,
  settings,
};
