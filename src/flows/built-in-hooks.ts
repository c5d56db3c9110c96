import type { BuiltInHooks } from "../flow/hook-runner.ts";

/** New addresses are verified without being asked to, where addresses can be verified at all. */
export const builtInHooks: BuiltInHooks = ({ config }, kind) =>
  config.selfservice.flows.verification.enabled && (kind === "registration" || kind === "settings")
    ? [{ hook: "verification" }]
    : [];
