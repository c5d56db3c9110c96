import { isObject } from "../schema/limits.ts";

/** What an administrator is told who wants an address to lead past an organization's provider. */
export const noBreakGlass =
  "The member break_glass_for_organization is not taken: recovery past an organization's provider is not built.";

/** Whether addresses, as an administrator writes them, ask for what is not built. */
export const breaksGlass = (addresses: unknown): boolean =>
  Array.isArray(addresses) &&
  addresses.some((address) => isObject(address) && Boolean(address["break_glass_for_organization"]));
