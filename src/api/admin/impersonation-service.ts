import { ImpersonationService } from "#gen/ostiary/admin/v1/impersonation_service_pb.js";
import { actBy, createImpersonationLink, obstacleToImpersonating } from "../../access/impersonation.ts";
import type { Context } from "../../context.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { IdentityRow } from "../../identity/rows.ts";
import { identityById } from "../../identity/statements.ts";
import { defineService } from "../../server/dispatch.ts";
import { forbidKeeping } from "../../session/carrier.ts";
import { presentTime } from "../present-time.ts";
import { readDuration } from "./read-duration.ts";

/** Serves impersonation_service.proto of the admin API. */
export const impersonationService = defineService(ImpersonationService, {
  async getImpersonation({ id }, ctx) {
    const obstacle = await obstacleToImpersonating(ctx, await knownIdentity(ctx, id));
    const { default_lifespan: usual, max_lifespan: most } = ctx.config.session.impersonation;
    return {
      impersonation: {
        possible: obstacle === undefined,
        obstacle: obstacle?.told.reason ?? "",
        defaultLifespanSeconds: Math.floor(usual / 1000),
        maxLifespanSeconds: Math.floor(most / 1000),
      },
    };
  },

  async createImpersonation({ id, impersonation }, ctx) {
    const identity = await knownIdentity(ctx, id);
    const obstacle = await obstacleToImpersonating(ctx, identity);
    if (obstacle) throw obstacle;
    const { reason: said = "", lifespan = "" } = impersonation ?? {};
    const reason = said.trim();
    if (!reason) throw problem(ErrorReason.BAD_REQUEST, { reason: "The member reason says nothing." });
    const lifespanMs = lifespanOf(ctx, lifespan);
    const act = actBy(ctx.principal!, reason);
    const { token, expiresAt } = await createImpersonationLink(ctx, { identityId: identity.id, act, lifespanMs });
    forbidKeeping(ctx);
    const link = new URL("self-service/impersonation", ctx.config.serve.public.base_url);
    link.searchParams.set("token", token);
    return { impersonationLink: link.href, expiresAt: presentTime(expiresAt) };
  },
});

async function knownIdentity(ctx: Context, id: string): Promise<IdentityRow> {
  const identity = isUuid(id) ? await identityById(ctx, id.toLowerCase()) : undefined;
  if (!identity) throw problem(ErrorReason.NOT_FOUND, { reason: "The identity does not exist." });
  return identity;
}

function lifespanOf({ config }: Context, text: string): number {
  const { default_lifespan: usual, max_lifespan: ms } = config.session.impersonation;
  const most = { ms, setting: "session.impersonation.max_lifespan" };
  return readDuration("lifespan", text, { example: "15m", leastMs: 1000, most }) ?? usual;
}
