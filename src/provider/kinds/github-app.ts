import { oauthProviders } from "../oauth.ts";
import { addressOf, endpoints, personOf } from "./github.ts";

/** An app of GitHub: what it may read stands with the app, and no scopes are granted. */
export const create = oauthProviders({
  endpoints,
  knowsPkce: true,
  claims: async (known) => ({ ...(await personOf(known)), ...(await addressOf(known, { orLast: true })) }),
});
