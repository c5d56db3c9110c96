import type { KeyPurpose } from "../../tenant/key-ring.ts";

/** The keys that sign ID tokens, and access tokens that are JWTs. */
export const tokenKeys: KeyPurpose = {
  name: "oauth2",
  settings: ({ oauth2_provider: { embedded } }) => embedded.own_keys,
  lives: ({ oauth2_provider: { embedded } }) => [embedded.ttl.id_token, embedded.ttl.access_token],
};
