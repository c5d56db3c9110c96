import type { Strategy } from "../../flow/strategy.ts";
import { registration } from "./registration.ts";
import { settings } from "./settings.ts";

/** The profile: what a person says of themselves, before choosing a credential and ever after. */
export const profile: Strategy<"profile"> = {
  name: "profile",
  aal: () => 1,
  enabled: (config) => config.selfservice.methods.profile.enabled,
  registration,
  settings,
};
