import { openidProviders } from "../openid.ts";

/** LINE Login 2.1. */
export const create = openidProviders({
  issuer: "https://access.line.me",
  known: () => ({ token_endpoint_auth_methods_supported: ["client_secret_post"] }),
  // Otherwise the ID token is signed by the client's own secret.
  tokenParameters: { id_token_key_type: "JWK" },
});
