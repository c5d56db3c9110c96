import type { Step } from "../../flow/strategy.ts";
import { reject } from "../../flow/verdict.ts";
import { keptAccount } from "../../proof/kept-account.ts";
import { findLinked } from "../../provider/link.ts";
import { noRegistrationStrategy } from "../../ui/messages.ts";
import { traitsIn } from "./draft.ts";
import { loginByIdToken } from "./id-token.ts";
import { signUpWith } from "./messages.ts";
import { buttons, offeredProviders } from "./nodes.ts";
import { completeByReturnCode } from "./return-code.ts";
import { signUp } from "./sign-in-or-up.ts";
import { completeAuthorization, redirectToProvider } from "./authorization.ts";
import { statePayloadOf, providerOf } from "./upstream-login.ts";

/** Signs somebody up by their account at a provider. */
export const registration: Step<"registration", "oidc"> = {
  traitsLater: true,
  requiresReturnCode: true,

  render: async (ctx, flow) => buttons(await offeredProviders(ctx, flow), signUpWith),

  async submit(ctx, flow, input, attempt) {
    const { provider: id, upstreamParameters: hints, idToken, idTokenNonce, traits, returnToCode: code } = input;
    if (!id) return reject({ message: noRegistrationStrategy() });
    if (code) return completeByReturnCode(ctx, flow, { code, provider: id }, (login) => signUp(ctx, flow, login));
    const provider = await providerOf(ctx, id);
    const statePayload = statePayloadOf(await traitsIn(ctx, flow, traits), attempt);
    if (idToken) return signUp(ctx, flow, await loginByIdToken(ctx, provider, { idToken, idTokenNonce }, statePayload));
    // Whoever fills in what their provider has not told was there already. Nobody is signed in by what they have shown then.
    const kept = keptAccount(ctx, flow);
    if (kept?.provider === id && !(await findLinked(ctx, provider.config, kept.account)))
      return signUp(ctx, flow, { ...statePayload, provider, account: kept.account });
    return redirectToProvider(ctx, flow, provider, { hints, statePayload });
  },

  // Whoever has begun a native flow knows it, and need not be who has come back: what is left to say is said in another one.
  resume: (ctx, flow, callback) =>
    completeAuthorization(ctx, flow, callback, (upstreamLogin) =>
      signUp(ctx, flow, upstreamLogin, { inNewFlow: flow.type === "api" }),
    ),
};
