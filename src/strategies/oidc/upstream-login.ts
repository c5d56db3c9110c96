import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import type { Attempt } from "../../flow/attempt.ts";
import { findProvider } from "../../provider/find-provider.ts";
import type { Provider, UpstreamAccount } from "../../provider/provider.ts";

/** The method's name on the wire, and the group of its nodes. */
export const group = "oidc";

/** What somebody has sent along with the wish to go to a provider: nobody is asked for it again. */
export interface StatePayload {
  /** What they have typed of themselves. */
  readonly traits?: Record<string, unknown>;
  readonly transientPayload?: Record<string, unknown>;
}

/** Somebody who has shown to have an account at a provider. */
export interface UpstreamLogin extends StatePayload {
  readonly provider: Provider;
  readonly account: UpstreamAccount;
}

/** The provider of an id. Throws where there is none. */
export async function providerOf(ctx: Context, id: string): Promise<Provider> {
  const provider = await findProvider(ctx, id);
  if (!provider)
    throw problem(ErrorReason.NOT_FOUND, { reason: `There is no provider with the id ${JSON.stringify(id)}.` });
  return provider;
}

/** What to carry along of a submission. */
export const statePayloadOf = (
  traits: Record<string, unknown> | undefined,
  { transientPayload }: Attempt,
): StatePayload => ({
  ...(traits && { traits }),
  ...(transientPayload && { transientPayload }),
});
