import type { JsonObject, MessageInitShape } from "@bufbuild/protobuf";
import { InvitationService, InvitationState } from "#gen/ostiary/admin/v1/invitation_service_pb.js";
import type { InvitationSchema } from "#gen/ostiary/admin/v1/invitation_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { assertReturnTo } from "../../flow/return-to.ts";
import type { InvitationRow } from "../../invitation/entities.ts";
import { findInvitation, listInvitations, stateOf } from "../../invitation/find.ts";
import type { InvitationState as State } from "../../invitation/find.ts";
import { invite } from "../../invitation/invite.ts";
import { refusalFor } from "../../invitation/open.ts";
import { readRecipient } from "../../invitation/recipient.ts";
import { resendInvitation } from "../../invitation/resend.ts";
import { revokeInvitation } from "../../invitation/revoke.ts";
import { invitationUrl } from "../../invitation/token.ts";
import { normaliseIdentifier } from "../../schema/normalise.ts";
import { defineService } from "../../server/dispatch.ts";
import { forbidKeeping } from "../../session/carrier.ts";
import { openKeysetPage } from "../keyset-page.ts";
import { presentTime } from "../present-time.ts";
import { presentValue } from "../present-ui.ts";
import { readDuration } from "./read-duration.ts";
import { jsonOf } from "./read-identity.ts";

/** Serves invitation_service.proto. */
export const invitationService = defineService(InvitationService, {
  async createInvitation({ invitation: wanted }, ctx) {
    if (!wanted?.recipient) throw problem(ErrorReason.BAD_REQUEST, { reason: "The member recipient is missing." });
    const { recipient, schemaId, traits = {}, returnTo, locale, expiresIn, send = true, ...more } = wanted;
    if (returnTo) assertReturnTo(ctx, returnTo);
    const { invitation, token } = await invite(ctx, {
      recipient: readRecipient(recipient),
      schemaId,
      traits,
      metadataPublic: jsonOf(more.metadataPublic),
      metadataAdmin: jsonOf(more.metadataAdmin),
      returnTo: returnTo || null,
      locale: locale || null,
      lifespanMs: lifespanOf(ctx, expiresIn),
      send,
    });
    forbidKeeping(ctx);
    ctx.call.reply.location = new URL(`admin/invitations/${invitation.id}`, ctx.config.serve.admin.base_url).href;
    const handedOut = { token, link: invitationUrl(ctx.config, token) };
    return { invitation: present(ctx, invitation), ...(!send && handedOut) };
  },

  async listInvitations({ state, recipient, ...request }, ctx) {
    const page = openKeysetPage(ctx, request, { usual: 50, most: 500 });
    const filter = {
      ...(state && { state: names[state] }),
      ...(recipient && { address: normaliseIdentifier(recipient) }),
      ...(page.before && { before: page.before }),
    };
    const { shown, next } = page.cut(await listInvitations(ctx, filter, page.limit));
    return { invitations: shown.map((one) => present(ctx, one)), nextPageToken: next };
  },

  async getInvitation({ id }, ctx) {
    return { invitation: present(ctx, found(await findInvitation(ctx, id))) };
  },

  async revokeInvitation({ id }, ctx) {
    const invitation = found(await revokeInvitation(ctx, id));
    if (invitation.state === "accepted") throw refusalFor("accepted");
    return { invitation: present(ctx, invitation) };
  },

  async resendInvitation({ id, expiresIn }, ctx) {
    return { invitation: present(ctx, found(await resendInvitation(ctx, id, lifespanOf(ctx, expiresIn)))) };
  },
});

function found(invitation: InvitationRow | undefined): InvitationRow {
  if (!invitation) throw problem(ErrorReason.NOT_FOUND, { reason: "The invitation does not exist." });
  return invitation;
}

const states: Readonly<Record<State, InvitationState>> = {
  pending: InvitationState.PENDING,
  accepted: InvitationState.ACCEPTED,
  revoked: InvitationState.REVOKED,
  expired: InvitationState.EXPIRED,
};

const names = Object.fromEntries(Object.entries(states).map(([name, state]) => [state, name])) as Readonly<
  Record<InvitationState, State>
>;

function present(ctx: Context, row: InvitationRow): MessageInitShape<typeof InvitationSchema> {
  const { metadataPublic, metadataAdmin, returnTo, locale, invitedById, sentAt, identityId } = row;
  return {
    id: row.id,
    recipient: { via: row.via, address: row.address },
    state: states[stateOf(row, ctx.now())],
    schemaId: row.schemaId,
    traits: row.traits as JsonObject,
    ...(metadataPublic !== null && { metadataPublic: presentValue(metadataPublic) }),
    ...(metadataAdmin !== null && { metadataAdmin: presentValue(metadataAdmin) }),
    ...(returnTo !== null && { returnTo }),
    ...(locale !== null && { locale }),
    invitedByKind: row.invitedByKind,
    ...(invitedById !== null && { invitedById }),
    ...(sentAt && { sentAt: presentTime(sentAt) }),
    expiresAt: presentTime(row.expiresAt),
    createdAt: presentTime(row.createdAt),
    updatedAt: presentTime(row.updatedAt),
    ...(identityId !== null && { identityId }),
  };
}

function lifespanOf({ config }: Context, expiresIn: string | undefined): number {
  const { lifespan, max_lifespan: ms } = config.selfservice.invitations;
  const most = { ms, setting: "selfservice.invitations.max_lifespan" };
  return readDuration("expires_in", expiresIn, { example: "72h", most }) ?? lifespan;
}
