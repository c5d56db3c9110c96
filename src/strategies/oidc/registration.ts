import type { Step } from "../../flow/strategy.ts";
import { reject } from "../../flow/verdict.ts";
import { keptAccount } from "../../proof/kept-account.ts";
import { findLinked } from "../../provider/link.ts";
import { noRegistrationStrategy } from "../../ui/messages.ts";
import { traitsIn } from "./draft.ts";
import { loginByIdToken } from "./id-token.ts";
import { signUpWith } from "./messages.ts";
import { buttons, offeredProviders } from "./nodes.ts";
import { signUp } from "./sign-in-or-up.ts";
import { completeAuthorization, redirectToProvider, statePayloadOf, providerOf } from "./authorization.ts";

/** Signs somebody up by their account at a provider. */
export const registration: Step<"registration", "oidc"> = {
  traitsLater: true,

  render: async (ctx, flow) => buttons(await offeredProviders(ctx, flow), signUpWith),

  async submit(ctx, flow, { provider: id, upstreamParameters: hints, idToken, idTokenNonce, traits }, attempt) {
    if (!id) return reject({ message: noRegistrationStrategy() });
    const provider = await providerOf(ctx, id);
    const statePayload = statePayloadOf(await traitsIn(ctx, flow, traits), attempt);
    if (idToken) return signUp(ctx, flow, await loginByIdToken(ctx, provider, { idToken, idTokenNonce }, statePayload));
    // Whoever fills in what their provider has not told was there already. Nobody is signed in by what they have shown then.
    const kept = keptAccount(ctx, flow);
    if (kept?.provider === id && !(await findLinked(ctx, provider.config, kept.account)))
      return signUp(ctx, flow, { ...statePayload, provider, account: kept.account });
    return redirectToProvider(ctx, flow, provider, { hints, statePayload });
  },

  resume: (ctx, flow, callback) =>
    completeAuthorization(ctx, flow, callback, (upstreamLogin) => signUp(ctx, flow, upstreamLogin)),
};
