import type { AdapterPayload } from "oidc-provider";
import type { Context } from "../../context.ts";
import { currentSession } from "../../session/current.ts";
import type { SessionRow } from "../../session/statements.ts";
import { clientById } from "./clients.ts";
import type { ClientDocument } from "./entities.ts";
import { keeperOf } from "./keeper.ts";
import { objectStore } from "./object-store.ts";

/** What a client asks of somebody, and waits for: that they sign in, or that they consent. */
export interface Interaction {
  readonly challenge: string;
  readonly prompt: "login" | "consent";
  /** Why somebody is asked. */
  readonly reasons: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
  /** The parameters of the authorization request. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly client: { readonly clientId: string; readonly metadata: ClientDocument };
  /** The account that was signed in when it was asked, if one was. */
  readonly accountId: string | undefined;
  /** The session that it was in. */
  readonly sessionId: string | undefined;
  readonly stored: AdapterPayload;
}

/** Finds what a client waits for by its challenge. Undefined where there is no such challenge, or it has run out. */
export async function interactionOf(
  ctx: Context,
  challenge: string,
  prompt: Interaction["prompt"],
): Promise<Interaction | undefined> {
  const keeper = keeperOf(ctx);
  const stored = await objectStore(keeper, "Interaction").find(challenge);
  const live = stored && (stored.exp ?? 0) * 1000 > ctx.now().getTime() && stored.prompt?.name === prompt;
  const clientId = String(stored?.params?.["client_id"] ?? "");
  const client = live ? await clientById(keeper, clientId) : undefined;
  if (!stored || !client) return undefined;
  return {
    challenge,
    prompt,
    reasons: stored.prompt!.reasons,
    details: stored.prompt!.details,
    params: stored.params ?? {},
    client,
    accountId: stored.session?.accountId,
    sessionId: stored.session?.uid,
    stored,
  };
}

/** Whether who is signed in by now need not sign in once more: nothing but a session was missing. */
export async function signedInMeanwhile(ctx: Context, { reasons }: Interaction): Promise<SessionRow | undefined> {
  return reasons.every((reason) => reason === "no_session") ? await currentSession(ctx) : undefined;
}

/** Says that somebody has signed in for a client, and answers where their browser goes on. */
export const acceptSignIn = (
  ctx: Context,
  interaction: Interaction,
  session: Pick<SessionRow, "aal" | "methods" | "authenticatedAt" | "identity">,
  remember: boolean,
): Promise<string> =>
  answer(ctx, interaction, {
    login: {
      accountId: session.identity.id,
      acr: `aal${session.aal}`,
      amr: [...new Set(session.methods.map(({ method }) => method))],
      ts: Math.floor(session.authenticatedAt.getTime() / 1000),
      remember,
    },
  });

/** Says that somebody has allowed a client what stands in a grant. */
export const acceptConsent = (ctx: Context, interaction: Interaction, grantId: string): Promise<string> =>
  answer(ctx, interaction, { consent: { grantId } });

/** Says that somebody does not want it: the client is told (RFC 6749, 4.1.2.1). */
export const reject = (ctx: Context, interaction: Interaction, description: string): Promise<string> =>
  answer(ctx, interaction, { error: "access_denied", error_description: description });

async function answer(ctx: Context, { challenge, stored }: Interaction, result: object): Promise<string> {
  const { session, lastSubmission, ...rest } = stored;
  // Whoever signs in gets a session of their own: it is not the one that was there before.
  const { uid: _, ...kept } = session ?? {};
  const payload = {
    ...rest,
    ...(lastSubmission !== undefined && { lastSubmission }),
    ...(session && { session: "login" in result ? kept : session }),
    result: "error" in result ? result : { ...(lastSubmission as object | undefined), ...result },
  };
  const left = Math.max(1, Math.floor(stored.exp! - ctx.now().getTime() / 1000));
  await objectStore(keeperOf(ctx), "Interaction").upsert(challenge, payload as AdapterPayload, left);
  return stored.returnTo!;
}
