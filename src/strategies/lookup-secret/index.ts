import type { Strategy } from "../../flow/strategy.ts";
import { login } from "./login.ts";
import { settings } from "./settings.ts";

/** Backup codes, each of which works once: a second factor. */
export const lookupSecret: Strategy<"lookupSecret"> = {
  name: "lookup_secret",
  aal: () => 2,
  enabled: (config) => config.selfservice.methods.lookup_secret.enabled,
  login,
  settings,
};
