import type { MessageLimit } from "../config/outgoing-config.ts";
import type { Context } from "../context.ts";
import { clientNetwork, isDeveloper } from "../server/client-address.ts";
import { countTry } from "../throttle/throttle.ts";

/** Who has had its share of messages, where one is not sent. */
export type LimitReached = "client" | "address";

/**
 * Whether one more message may go to an address, at the wish of this client; if not, whose share is used up. Whoever asks
 * too often is told nothing: the answer stays as it is, and no message is sent.
 */
export async function limitReached(ctx: Context, address: string): Promise<LimitReached | undefined> {
  const { per_address: perAddress, per_address_daily: daily, per_client: perClient } = ctx.config.courier.limits;
  const count = (what: string, whom: string, { messages: tries, within: windowMs }: MessageLimit) =>
    tries === 0 || countTry(ctx, { what, whom }, { tries, windowMs });
  // The client comes first: who has had its share must not use up that of others' addresses.
  if (!isDeveloper(ctx) && !(await count("mail for", clientNetwork(ctx), perClient))) return "client";
  const may = (await count("mail to", address, perAddress)) && (await count("mail of a day to", address, daily));
  return may ? undefined : "address";
}
