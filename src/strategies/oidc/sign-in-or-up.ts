import type { Context } from "../../context.ts";
import type { Flow } from "../../flow/flow.ts";
import type { Proof } from "../../flow/results.ts";
import { handOver, pass, reject } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import { keepAccount } from "../../proof/kept-account.ts";
import { findLinked, noteSignIn } from "../../provider/link.ts";
import { updateOnLogin } from "../../provider/update-on-login.ts";
import { duplicateCredentials, invalidSubmission } from "../../ui/messages.ts";
import { draftOf, missingTraitsForm } from "./draft.ts";
import { linkByAddress } from "./link-by-address.ts";
import { recordingMapperFaults } from "./mapper-faults.ts";
import { sessionMethodOf } from "./session-method.ts";
import type { UpstreamLogin } from "./upstream-login.ts";

/** Signs somebody in who has shown to have an account at a provider; whoever is new here signs up. */
export function signIn(ctx: Context, flow: Flow<"login">, upstreamLogin: UpstreamLogin): Promise<Verdict<"login">> {
  return recordingMapperFaults(ctx, flow, upstreamLogin.provider, () => judgeLogin(ctx, flow, upstreamLogin));
}

async function judgeLogin(ctx: Context, flow: Flow<"login">, upstreamLogin: UpstreamLogin): Promise<Verdict<"login">> {
  const proof = await knownAs(ctx, flow, upstreamLogin);
  if (proof === "taken") return reject({ message: duplicateCredentials() });
  if (proof) return { ...pass(proof), ...payloadOf(upstreamLogin) };
  const { provider, account } = upstreamLogin;
  // Whoever confirms who they are makes no other account by that.
  if (flow.refresh) return reject({ message: invalidSubmission("This account is not linked to yours.") });
  const verdict = handOver({
    to: "registration",
    draft: await draftOf(ctx, flow, upstreamLogin),
    remembers: keepAccount(ctx, { provider: provider.config.id, account }),
    shows: await missingTraitsForm(ctx, flow, provider.config),
  });
  return { ...verdict, ...payloadOf(upstreamLogin) };
}

/**
 * Signs somebody up who has shown to have an account at a provider, in this flow or in a new one in its place; whoever is known
 * here signs in.
 */
export function signUp(
  ctx: Context,
  flow: Flow<"registration">,
  upstreamLogin: UpstreamLogin,
  how: { readonly inNewFlow?: boolean } = {},
): Promise<Verdict<"registration">> {
  return recordingMapperFaults(ctx, flow, upstreamLogin.provider, () =>
    judgeRegistration(ctx, flow, upstreamLogin, how),
  );
}

async function judgeRegistration(
  ctx: Context,
  flow: Flow<"registration">,
  upstreamLogin: UpstreamLogin,
  { inNewFlow = false }: { readonly inNewFlow?: boolean },
): Promise<Verdict<"registration">> {
  const proof = await knownAs(ctx, flow, upstreamLogin);
  if (proof === "taken") return reject({ message: duplicateCredentials() });
  if (proof) return { ...handOver({ to: "login", draft: proof }), ...payloadOf(upstreamLogin) };
  const { provider, account } = upstreamLogin;
  const draft = await draftOf(ctx, flow, upstreamLogin);
  const form = await missingTraitsForm(ctx, flow, provider.config);
  const remembers = keepAccount(ctx, { provider: provider.config.id, account });
  if (inNewFlow)
    return { ...handOver({ to: "registration", draft, remembers, shows: form }), ...payloadOf(upstreamLogin) };
  return { ...pass(draft), ...payloadOf(upstreamLogin), active: "oidc", form, memory: remembers };
}

const payloadOf = ({ transientPayload }: UpstreamLogin) => ({ ...(transientPayload && { transientPayload }) });

/**
 * Whom an account at a provider is linked with, once its news of them are taken over; "taken" where something in these is
 * somebody else's.
 */
async function knownAs(
  ctx: Context,
  flow: Flow,
  { provider, account }: UpstreamLogin,
): Promise<Proof | "taken" | undefined> {
  const found =
    (await findLinked(ctx, provider.config, account)) ??
    // Whoever confirms who they are links nothing by that.
    (flow.refresh ? undefined : await linkByAddress(ctx, provider.config, account));
  if (!found) return undefined;
  if ((await updateOnLogin(ctx, provider.config, account.claims, found.identityId)) === "taken") return "taken";
  await noteSignIn(ctx, found, provider.config, account);
  const { identityId, identityState } = found;
  return {
    identityId,
    active: identityState === "active",
    method: sessionMethodOf(ctx, flow, provider.config, account),
  };
}
