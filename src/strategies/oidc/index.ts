import type { Strategy } from "../../flow/strategy.ts";
import { login } from "./login.ts";
import { registration } from "./registration.ts";
import { settings } from "./settings.ts";
import { group } from "./upstream-login.ts";

/** Accounts at other identity providers. */
export const oidc: Strategy<"oidc"> = {
  name: group,
  aal: () => 1,
  enabled: (config) => config.selfservice.methods.oidc.enabled,
  login,
  registration,
  settings,
};
