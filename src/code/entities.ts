import { defineEntity, p } from "@mikro-orm/core";
import { identified, instant, uuid } from "../db/columns.ts";
import { Identity } from "../identity/entities.ts";

/** What a code or a link is good for: it opens nothing else. */
export type CodePurpose = "login" | "registration" | "recovery" | "verification";

const CodeSchema = defineEntity({
  name: "Code",
  tableName: "codes",
  indexes: [{ name: "codes_flow_id_purpose_index", properties: ["flowId", "purpose"] }],
  properties: {
    ...identified,
    // Flows stand a floor above; a code whose flow is gone cannot be redeemed, and runs out on its own.
    flowId: uuid(),
    identityId: () =>
      p
        .manyToOne(Identity)
        .mapToPk()
        .strictNullable()
        .onCreate(() => null as never)
        .name("identity_id")
        .deleteRule("cascade")
        .index("codes_identity_id_index"),
    purpose: p.string().length(16).$type<CodePurpose>(),
    via: p.string().length(16).$type<"email" | "sms">(),
    address: p.string().length(512),
    secretHash: p.string().length(64).hidden(),
    expiresAt: instant().index("codes_expires_at_index"),
    usedAt: instant().strictNullable(),
  },
});

/** A one-time code, or the token of a link, that was sent to an address. Only its keyed hash is known. */
export class Code extends CodeSchema.class {}
CodeSchema.setClass(Code);
