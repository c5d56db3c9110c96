import { defineEntity, p } from "@mikro-orm/core";
import type { PublicJwk } from "../../crypto/jws.ts";
import { identified, instant, json, longCount, longText } from "../../db/columns.ts";
import { tableOf } from "../../db/table.ts";

/** Describes the table `session_signing_keys`. */
export const SessionSigningKeySchema = defineEntity({
  name: "SessionSigningKey",
  tableName: "session_signing_keys",
  // Of servers that make the next key at the same time, one does.
  uniques: [{ name: "session_signing_keys_nid_generation_unique", properties: ["nid", "generation"] }],
  properties: {
    ...identified,
    generation: p.integer(),
    publicKey: json<PublicJwk>(),
    // Sealed; a JWK.
    privateKey: longText(),
    signsFrom: instant(),
    // The longest that any of its tokens lives, in milliseconds.
    tokensLast: longCount(),
  },
});

/** A key by which the server itself signs sessions as tokens. */
export const sessionSigningKeys = tableOf(SessionSigningKeySchema);
