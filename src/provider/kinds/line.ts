import { openidProviders } from "../openid.ts";

/** LINE Login 2.1. */
export const create = openidProviders({
  issuer: "https://access.line.me",
  // Otherwise the ID token is signed by the client's own secret.
  tokenParameters: { id_token_key_type: "JWK" },
});
