import { defineEntity, p } from "@mikro-orm/core";
import { goesWith, identified, instant, oneOf, uuid } from "../db/columns.ts";
import { type RowOf, tableOf } from "../db/table.ts";
import { IdentitySchema } from "../identity/entities.ts";

/** What a code or a link is good for: it opens nothing else. */
export type CodePurpose = "login" | "registration" | "recovery" | "verification";

/** Describes the table `codes`. */
export const CodeSchema = defineEntity({
  name: "Code",
  tableName: "codes",
  indexes: [
    { name: "codes_nid_flow_id_purpose_index", properties: ["nid", "flowId", "purpose"] },
    { name: "codes_identity_id_nid_index", properties: ["identityId", "nid"] },
  ],
  checks: [
    oneOf("codes", "purpose", ["login", "registration", "recovery", "verification"]),
    oneOf("codes", "via", ["email", "sms"]),
  ],
  properties: {
    ...identified,
    // Flows stand a floor above; a code whose flow is gone cannot be redeemed, and runs out on its own.
    flowId: uuid(),
    identityId: uuid().strictNullable(),
    identity: () => goesWith(IdentitySchema, "identity_id", "codes"),
    purpose: p.string().length(16).$type<CodePurpose>(),
    via: p.string().length(16).$type<"email" | "sms">(),
    address: p.string().length(512),
    secretHash: p.string().length(64).hidden(),
    expiresAt: instant().index("codes_expires_at_index"),
    usedAt: instant().strictNullable(),
  },
});

/** A one-time code, or the token of a link, that was sent to an address. Only its keyed hash is known. */
export const codes = tableOf(CodeSchema);

/** A code as it is stored. */
export type Code = RowOf<typeof codes>;
