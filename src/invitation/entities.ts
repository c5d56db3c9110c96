import { defineEntity, p } from "@mikro-orm/core";
import { goesWith, identified, instant, json, longText, oneOf, uuid } from "../db/columns.ts";
import { type RowOf, tableOf } from "../db/table.ts";
import type { Actor } from "../events/cause.ts";
import { IdentitySchema } from "../identity/entities.ts";

/** What has become of an invitation, as far as somebody has done it. That it has expired is told by its time alone. */
export type StoredState = "pending" | "accepted" | "revoked";

/** Describes the table `invitations`. */
export const InvitationSchema = defineEntity({
  name: "Invitation",
  tableName: "invitations",
  uniques: [{ name: "invitations_nid_token_hash_unique", properties: ["nid", "tokenHash"] }],
  indexes: [
    { name: "invitations_nid_id_index", properties: ["nid", "id"] },
    { name: "invitations_nid_state_id_index", properties: ["nid", "state", "id"] },
    { name: "invitations_nid_address_id_index", properties: ["nid", "address", "id"] },
    { name: "invitations_identity_id_nid_index", properties: ["identityId", "nid"] },
  ],
  checks: [
    oneOf("invitations", "via", ["email", "sms"]),
    oneOf("invitations", "state", ["pending", "accepted", "revoked"]),
  ],
  properties: {
    ...identified,
    via: p.string().length(16).$type<"email" | "sms">(),
    // As it is stored of accounts.
    address: p.string().length(512),
    tokenHash: p.string().length(64).hidden(),
    state: p.string().length(16).$type<StoredState>(),
    schemaId: p.string().length(255),
    // What the account will have, the address among it. Whoever accepts cannot change it.
    traits: json<Record<string, unknown>>(),
    metadataPublic: json<object | string | number | boolean>().strictNullable(),
    metadataAdmin: json<object | string | number | boolean>().strictNullable(),
    returnTo: longText().strictNullable(),
    locale: p.string().length(64).strictNullable(),
    invitedByKind: p.string().length(16).$type<Actor["kind"]>(),
    invitedById: uuid().strictNullable(),
    // When the link that is good now was sent to the address; null where it was handed out otherwise.
    sentAt: instant().strictNullable(),
    expiresAt: instant().index("invitations_expires_at_index"),
    // The account that it has become. It goes with that.
    identityId: uuid().strictNullable(),
    identity: () => goesWith(IdentitySchema, "identity_id", "invitations"),
  },
});

/** That somebody may sign up, as an administrator has asked them to. Of the token in its link only the SHA-256 is known. */
export const invitations = tableOf(InvitationSchema);

/** An invitation as it is stored. */
export type InvitationRow = RowOf<typeof invitations>;
