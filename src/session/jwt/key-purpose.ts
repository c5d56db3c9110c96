import type { KeyPurpose } from "../../tenant/key-ring.ts";

/** The server's own keys for sessions as tokens, which templates sign by that bring none. */
export const sessionKeys: KeyPurpose = {
  name: "session",
  settings: ({ session }) => session.whoami.tokenizer.own_keys,
  lives: ({ session }) =>
    Object.values(session.whoami.tokenizer.templates).flatMap(({ jwks_url: url, ttl }) =>
      url === undefined ? [ttl] : [],
    ),
};
