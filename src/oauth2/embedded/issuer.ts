import type { Keeper } from "./keeper.ts";

/** Who issues the tokens of a tenant: its address, without the slash at its end that discovery would repeat. */
export const issuerOf = ({ config }: Pick<Keeper, "config">): string =>
  config.serve.public.base_url.replace(/\/+$/, "");
