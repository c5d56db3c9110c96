import type { Strategy } from "../../flow/strategy.ts";
import { login } from "./login.ts";
import { recovery } from "./recovery.ts";
import { registration } from "./registration.ts";
import { verification } from "./verification.ts";

/** One-time codes: six digits sent to an address, which prove that it is the person's own. */
export const code: Strategy<"code"> = {
  name: "code",
  aal: ({ selfservice: { methods } }) => (methods.code.mfa_enabled && !methods.code.passwordless_enabled ? 2 : 1),
  enabled({ selfservice: { methods } }, kind) {
    const { enabled, passwordless_enabled: alone, mfa_enabled: second } = methods.code;
    if (kind === "login") return alone || second;
    return kind === "registration" ? alone : enabled;
  },
  login,
  registration,
  recovery,
  verification,
};
