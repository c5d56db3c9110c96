import type { StandingHooks } from "../flow/reactions.ts";

/** New addresses are verified without being asked to, where addresses can be verified at all. */
export const standingHooks: StandingHooks = ({ config }, kind) =>
  config.selfservice.flows.verification.enabled && (kind === "registration" || kind === "settings")
    ? [{ hook: "verification" }]
    : [];
