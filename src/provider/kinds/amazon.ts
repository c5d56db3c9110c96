import { failureOf } from "../provider-step.ts";
import { oauthProviders } from "../oauth.ts";

const token = "https://api.amazon.com/auth/o2/token";
const scopes = ["profile", "profile:user_id", "postal_code"];

/** Login with Amazon. */
export const create = oauthProviders({
  endpoints: () => ({ authorize: "https://www.amazon.com/ap/oa", token }),
  scope(scope) {
    const foreign = scope.find((name) => !scopes.includes(name));
    if (foreign !== undefined)
      throw failureOf("callback", undefined, { says: `Amazon does not support the scope ${foreign}.`, status: 500 });
    return scope;
  },
  async claims({ ask, tokens }) {
    const { user_id, name, email, postal_code } = await ask("https://api.amazon.com/user/profile", {
      "x-amz-access-token": tokens.access_token,
    });
    return { iss: token, sub: user_id, name, email, zoneinfo: postal_code };
  },
});
