import type { Context } from "../context.ts";
import { uuidv7 } from "../db/id.ts";
import { insert } from "../db/query.ts";
import { ErrorReason, problem } from "../errors.ts";
import { actorOf } from "../events/cause.ts";
import { record } from "../events/record.ts";
import type { AddressKey } from "../identity/address-statements.ts";
import { normalisePhones } from "../schema/normalise-traits.ts";
import { schemasOf } from "../schema/schemas.ts";
import { validatePartOfTraits } from "../schema/validate.ts";
import { invitations } from "./entities.ts";
import type { InvitationRow } from "./entities.ts";
import { assertMayInvite } from "./may-invite.ts";
import { withRecipient } from "./recipient.ts";
import { sendInvitation } from "./send.ts";
import { newToken } from "./token.ts";

/** Who is to be invited, to what. */
export interface NewInvitation extends Pick<InvitationRow, "metadataPublic" | "metadataAdmin" | "returnTo" | "locale"> {
  readonly recipient: AddressKey;
  /** Empty for the default. */
  readonly schemaId: string;
  /** What the account is to have, as far as it is said. */
  readonly traits: Record<string, unknown>;
  readonly lifespanMs: number;
  /** Whether the link goes to the recipient. */
  readonly send: boolean;
}

/** An invitation, and the token of its link, which nobody is shown again. */
export interface IssuedInvitation {
  readonly invitation: InvitationRow;
  readonly token: string;
}

/** Invites somebody: what is written, counted, sent and recorded is one transaction. Throws as CreateInvitation says. */
export async function invite(
  ctx: Context,
  { recipient, send, lifespanMs, ...wanted }: NewInvitation,
): Promise<IssuedInvitation> {
  const { schemaId, traits } = await presetOf(ctx, recipient, wanted);
  const now = ctx.now();
  const { token, hash } = newToken();
  const inviter = actorOf(ctx, undefined);
  const invitation: InvitationRow = {
    ...wanted,
    id: uuidv7(now.getTime()),
    createdAt: now,
    updatedAt: now,
    via: recipient.via,
    address: recipient.value,
    tokenHash: hash,
    state: "pending",
    schemaId,
    traits,
    invitedByKind: inviter.kind,
    invitedById: ("id" in inviter && inviter.id) || null,
    expiresAt: new Date(now.getTime() + lifespanMs),
    sentAt: send ? now : null,
    identityId: null,
  };
  await ctx.tx(async (tx) => {
    await assertMayInvite(tx, recipient);
    await insert(tx, invitations, [invitation]);
    const { id, via, expiresAt } = invitation;
    const cause = { reason: "admin.invite" } as const;
    const payload = { invitation_id: id, via, expires_at: expiresAt.toISOString() };
    await record(tx, cause, { type: "InvitationCreated", payload });
    if (send) await sendInvitation(tx, invitation, token, cause);
  });
  return { invitation, token };
}

/** What the account will have, the address among it, as far as the schema would take it. */
async function presetOf(
  ctx: Context,
  recipient: AddressKey,
  { schemaId, traits }: Pick<NewInvitation, "schemaId" | "traits">,
): Promise<Pick<InvitationRow, "schemaId" | "traits">> {
  const schemas = schemasOf(ctx);
  const schema = await (schemaId ? schemas.get(schemaId) : schemas.default());
  const whole = withRecipient(schema, normalisePhones(schema, traits), recipient);
  const violations = validatePartOfTraits(schema, whole);
  if (violations.length > 0)
    throw problem(ErrorReason.BAD_REQUEST, {
      reason: `The traits do not match the schema ${schema.id}. ${violations.map(({ node, message }) => `${node}: ${message.text}`).join(" ")}`,
    });
  return { schemaId: schema.id, traits: whole };
}
