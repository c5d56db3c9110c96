import { defaultTenant } from "../../src/tenant.ts";
import type { ServedTenant } from "../../src/tenant.ts";

/** The default tenant for parts of a server that are tried without a configuration. */
export const servedTenant: ServedTenant = {
  ...defaultTenant,
  config: () => {
    throw new Error("nobody asks for the configuration here");
  },
};
