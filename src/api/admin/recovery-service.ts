import { RecoveryService } from "#gen/ostiary/admin/v1/recovery_service_pb.js";
import { FlowType } from "#gen/ostiary/type/v1/flow_pb.js";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { inviteByCode, inviteByLink } from "../../flows/recovery-invitation.ts";
import { uiLocation } from "../../flow/replacement.ts";
import { assertReturnTo } from "../../flow/return-to.ts";
import { secretUrl } from "../../proof/send-secret.ts";
import { identityById } from "../../identity/statements.ts";
import { defineService } from "../../server/dispatch.ts";
import { presentTime } from "../present-time.ts";
import { readDuration } from "./read-duration.ts";

/** Serves recovery_service.proto of the admin API. */
export const recoveryService = defineService(RecoveryService, {
  createRecoveryCodeForIdentity: async ({ recovery }, ctx) => {
    const { methods } = ctx.config.selfservice;
    const identityId = await knownIdentity(ctx, recovery?.identityId ?? "");
    const lifespanMs =
      readDuration("expires_in", recovery?.expiresIn, { example: "1h30m" }) ?? methods.code.config.lifespan;
    const type = recovery?.flowType === FlowType.API ? "api" : "browser";
    const { flow, secret, expiresAt } = await inviteByCode(ctx, { identityId, lifespanMs, type });
    return {
      recoveryLink: uiLocation(ctx, "recovery", flow.id),
      recoveryCode: secret,
      expiresAt: presentTime(expiresAt),
    };
  },

  createRecoveryLinkForIdentity: async ({ recovery, returnTo }, ctx) => {
    const { methods } = ctx.config.selfservice;
    if (returnTo) assertReturnTo(ctx, returnTo);
    const identityId = await knownIdentity(ctx, recovery?.identityId ?? "");
    const lifespanMs =
      readDuration("expires_in", recovery?.expiresIn, { example: "1h30m" }) ?? methods.link.config.lifespan;
    const { flow, secret, expiresAt } = await inviteByLink(ctx, { identityId, lifespanMs, type: "browser", returnTo });
    return { recoveryLink: secretUrl(ctx, flow, "token", secret), expiresAt: presentTime(expiresAt) };
  },
});

async function knownIdentity(ctx: Context, id: string): Promise<string> {
  if (!ctx.config.selfservice.flows.recovery.enabled)
    throw problem(ErrorReason.NOT_FOUND, { reason: "Recovery is disabled." });
  if (id && !isUuid(id)) throw problem(ErrorReason.BAD_REQUEST, { reason: "The member identity_id is not a UUID." });
  const identity = id ? await identityById(ctx, id) : undefined;
  if (!identity) throw problem(ErrorReason.NOT_FOUND, { reason: "The identity does not exist." });
  return identity.id;
}
