import type { CommandCall, Option } from "./command.ts";

/** The flag that says which tenant a command is about. */
export const tenantOption: Option = {
  name: "tenant",
  value: "id or slug",
  summary: "The tenant, by ID or slug. Default: the default tenant.",
};

/** The headers by which a call is about that tenant. */
export const forTenant = ({ flags }: CommandCall) =>
  flags.tenant === undefined ? {} : { headers: { "x-tenant": String(flags.tenant) } };
