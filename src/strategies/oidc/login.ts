import type { Step } from "../../flow/strategy.ts";
import { reject } from "../../flow/verdict.ts";
import { noLoginStrategy } from "../../ui/messages.ts";
import { isTrial, trialResult } from "../../flow/trial.ts";
import { traitsIn } from "./draft.ts";
import { arriveBy } from "./id-token.ts";
import { signInWith } from "./messages.ts";
import { buttons, providersToSignInBy } from "./nodes.ts";
import { signIn } from "./settle.ts";
import { concludeTrial, trialIsOver } from "./trial.ts";
import { comeBack, leave, luggageOf, providerOf } from "./upstream.ts";

/** Signs somebody in by their account at a provider. */
export const login: Step<"login", "oidc"> = {
  render: async (ctx, flow, attempt) => buttons(await providersToSignInBy(ctx, flow, attempt), signInWith),

  async submit(ctx, flow, { provider: id, upstreamParameters: hints, idToken, idTokenNonce, traits }, attempt) {
    if (!id) return reject({ message: noLoginStrategy() });
    if (trialResult.of(flow)) return reject({ message: trialIsOver() });
    const luggage = luggageOf(await traitsIn(ctx, flow, traits), attempt);
    const provider = await providerOf(ctx, flow.testProvider ?? id);
    if (idToken && !isTrial(flow))
      return signIn(ctx, flow, await arriveBy(ctx, provider, { idToken, idTokenNonce }, luggage));
    return leave(ctx, flow, provider, { hints, luggage });
  },

  resume: (ctx, flow, callback) =>
    isTrial(flow)
      ? concludeTrial(ctx, flow, callback)
      : comeBack(ctx, flow, callback, (arrival) => signIn(ctx, flow, arrival)),
};
