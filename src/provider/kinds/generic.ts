import { openidProviders } from "../openid.ts";

/** Any provider that speaks OpenID Connect, and says of itself where. */
export const create = openidProviders({});
