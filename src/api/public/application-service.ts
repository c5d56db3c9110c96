import { ApplicationService } from "#gen/ostiary/public/v1/application_service_pb.js";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { connectedApplications, disconnect } from "../../oauth2/embedded/applications.ts";
import type { ClientRow } from "../../oauth2/embedded/clients.ts";
import type { Interaction } from "../../oauth2/embedded/interactions.ts";
import { keeperOf } from "../../oauth2/embedded/keeper.ts";
import { defineService } from "../../server/dispatch.ts";
import { requireOwnSession, requireSession } from "../../session/current.ts";
import { assertAal } from "../../session/required-aal.ts";
import type { SessionRow } from "../../session/statements.ts";
import { assertEmbedded } from "../assert-embedded.ts";
import { presentTime } from "../present-time.ts";

/** Serves application_service.proto. */
export const applicationService = defineService(ApplicationService, {
  async getConsentRequest({ consentChallenge }, ctx) {
    const interaction = await requested(ctx, consentChallenge, await signedIn(ctx));
    const { requestedAudience, requestedScopes } = await consent();
    return {
      consentRequest: {
        challenge: consentChallenge,
        application: present(interaction.client),
        requestedScope: [...requestedScopes(interaction)],
        requestedAudience: [...requestedAudience(interaction)],
      },
    };
  },

  async answerConsentRequest({ answer }, ctx) {
    assertEmbedded(ctx);
    const { consentChallenge, allow: allowed } = answer!;
    const interaction = await requested(ctx, consentChallenge, await ownSession(ctx));
    const { allow, deny } = await consent();
    return { redirectBrowserTo: await (allowed ? allow : deny)(ctx, interaction) };
  },

  async listApplications(_request, ctx) {
    const { identity } = await signedIn(ctx);
    const applications = await connectedApplications(keeperOf(ctx), identity.id);
    return {
      applications: applications.map(({ client, scopes, since }) => ({
        application: present(client),
        grantedScope: [...scopes],
        connectedAt: presentTime(since),
      })),
    };
  },

  async revokeApplication({ clientId }, ctx) {
    assertEmbedded(ctx);
    const { identity } = await ownSession(ctx);
    if (!(await disconnect(keeperOf(ctx), identity.id, clientId)))
      throw problem(ErrorReason.NOT_FOUND, { reason: "The application was not let in." });
    return {};
  },
});

/** Loaded by those who ask for it: it loads the provider. */
const consent = () => import("../../oauth2/embedded/consent.ts");

async function signedIn(ctx: Context): Promise<SessionRow> {
  assertEmbedded(ctx);
  const session = await requireSession(ctx);
  assertAal(ctx, session, ctx.config.session.whoami.required_aal);
  return session;
}

async function ownSession(ctx: Context): Promise<SessionRow> {
  const session = await requireOwnSession(ctx);
  assertAal(ctx, session, ctx.config.session.whoami.required_aal);
  return session;
}

async function requested(ctx: Context, challenge: string, { identity }: SessionRow): Promise<Interaction> {
  const interaction = await (await consent()).consentRequestOf(ctx, challenge, identity.id);
  if (interaction) return interaction;
  throw problem(ErrorReason.NOT_FOUND, {
    reason: "The challenge does not exist, has run out, or is for another account.",
  });
}

function present({ clientId, metadata }: Pick<ClientRow, "clientId" | "metadata">) {
  const text = (name: string) => String(metadata[name] ?? "");
  return {
    clientId,
    clientName: text("client_name"),
    clientUri: text("client_uri"),
    logoUri: text("logo_uri"),
    policyUri: text("policy_uri"),
    tosUri: text("tos_uri"),
  };
}
