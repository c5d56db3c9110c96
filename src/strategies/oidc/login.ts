import type { Step } from "../../flow/strategy.ts";
import { reject } from "../../flow/verdict.ts";
import { noLoginStrategy } from "../../ui/messages.ts";
import { isTestLogin, storedTestResult } from "../../flow/test-login.ts";
import { traitsIn } from "./draft.ts";
import { loginByIdToken } from "./id-token.ts";
import { signInWith } from "./messages.ts";
import { buttons, providersToSignInBy } from "./nodes.ts";
import { completeByReturnCode } from "./return-code.ts";
import { signIn } from "./sign-in-or-up.ts";
import { concludeTestLogin, testLoginIsOver } from "./test-login.ts";
import { completeAuthorization, redirectToProvider } from "./authorization.ts";
import { statePayloadOf, providerOf } from "./upstream-login.ts";

/** Signs somebody in by their account at a provider. */
export const login: Step<"login", "oidc"> = {
  render: async (ctx, flow, attempt) => buttons(await providersToSignInBy(ctx, flow, attempt), signInWith),

  requiresReturnCode: true,

  async submit(ctx, flow, input, attempt) {
    const { provider: id, upstreamParameters: hints, idToken, idTokenNonce, traits, returnToCode: code } = input;
    if (!id) return reject({ message: noLoginStrategy() });
    if (storedTestResult.of(flow)) return reject({ message: testLoginIsOver() });
    if (code) return completeByReturnCode(ctx, flow, { code, provider: id }, (login) => signIn(ctx, flow, login));
    const statePayload = statePayloadOf(await traitsIn(ctx, flow, traits), attempt);
    const provider = await providerOf(ctx, flow.testProvider ?? id);
    if (idToken && !isTestLogin(flow))
      return signIn(ctx, flow, await loginByIdToken(ctx, provider, { idToken, idTokenNonce }, statePayload));
    return redirectToProvider(ctx, flow, provider, { hints, statePayload });
  },

  resume: (ctx, flow, callback) =>
    isTestLogin(flow)
      ? concludeTestLogin(ctx, flow, callback)
      : completeAuthorization(ctx, flow, callback, (upstreamLogin) => signIn(ctx, flow, upstreamLogin)),
};
