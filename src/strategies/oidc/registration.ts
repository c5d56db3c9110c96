import type { Step } from "../../flow/strategy.ts";
import { reject } from "../../flow/verdict.ts";
import { keptAccount } from "../../proof/kept-account.ts";
import { findLinked } from "../../provider/link.ts";
import { noRegistrationStrategy } from "../../ui/messages.ts";
import { traitsIn } from "./draft.ts";
import { arriveBy } from "./id-token.ts";
import { signUpWith } from "./messages.ts";
import { buttons, offeredProviders } from "./nodes.ts";
import { signUp } from "./settle.ts";
import { comeBack, leave, luggageOf, providerOf } from "./upstream.ts";

/** Signs somebody up by their account at a provider. */
export const registration: Step<"registration", "oidc"> = {
  traitsLater: true,

  render: async (ctx, flow) => buttons(await offeredProviders(ctx, flow), signUpWith),

  async submit(ctx, flow, { provider: id, upstreamParameters: hints, idToken, idTokenNonce, traits }, attempt) {
    if (!id) return reject({ message: noRegistrationStrategy() });
    const provider = await providerOf(ctx, id);
    const luggage = luggageOf(await traitsIn(ctx, flow, traits), attempt);
    if (idToken) return signUp(ctx, flow, await arriveBy(ctx, provider, { idToken, idTokenNonce }, luggage));
    // Whoever fills in what their provider has not told was there already. Nobody is signed in by what they have shown then.
    const kept = keptAccount(ctx, flow);
    if (kept?.provider === id && !(await findLinked(ctx, provider.config, kept.account)))
      return signUp(ctx, flow, { ...luggage, provider, account: kept.account });
    return leave(ctx, flow, provider, { hints, luggage });
  },

  resume: (ctx, flow, callback) => comeBack(ctx, flow, callback, (arrival) => signUp(ctx, flow, arrival)),
};
