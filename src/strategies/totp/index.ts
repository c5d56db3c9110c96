import type { Strategy } from "../../flow/strategy.ts";
import { login } from "./login.ts";
import { settings } from "./settings.ts";

/** Codes of an authenticator app (RFC 6238): a second factor. */
export const totp: Strategy<"totp"> = {
  name: "totp",
  aal: () => 2,
  enabled: (config) => config.selfservice.methods.totp.enabled,
  login,
  settings,
};
