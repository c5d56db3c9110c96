import type { Strategy } from "../../flow/strategy.ts";
import { recovery } from "./recovery.ts";
import { verification } from "./verification.ts";

/** Links: a token sent to an address, which proves that it is the person's own who opens it. */
export const link: Strategy<"link"> = {
  name: "link",
  aal: () => 1,
  enabled: (config) => config.selfservice.methods.link.enabled,
  recovery,
  verification,
};
