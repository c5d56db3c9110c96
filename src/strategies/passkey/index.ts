import type { Strategy } from "../../flow/strategy.ts";
import { login } from "./login.ts";
import { registration } from "./registration.ts";
import { settings } from "./settings.ts";

/** Passkeys: keys that an authenticator remembers along with the account, and that sign in alone. */
export const passkey: Strategy<"passkey"> = {
  name: "passkey",
  aal: () => 1,
  enabled: (config) => config.selfservice.methods.passkey.enabled,
  login,
  registration,
  settings,
};
