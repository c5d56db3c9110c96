import type { Context } from "../context.ts";
import type { Flow, Memory } from "../flow/flow.ts";
import { defineSealedMemory } from "../flow/sealed-memory.ts";
import type { UpstreamAccount } from "../provider/provider.ts";

/** An account that somebody has shown to have at a provider. */
export interface ShownAccount {
  /** The id of the provider. */
  readonly provider: string;
  readonly account: UpstreamAccount;
  /** Until when it serves, in milliseconds since 1970. */
  readonly until?: number;
}

const lifespanMs = 30 * 60_000;
const slot = defineSealedMemory<Required<ShownAccount>>("upstream_account");

/** Makes a flow remember whom a provider has named, for as long as somebody may take over what else is asked of them. */
export const keepAccount = (ctx: Context, { provider, account, until }: ShownAccount): Memory =>
  slot.with(ctx, { provider, account, until: until ?? ctx.now().getTime() + lifespanMs });

/** Makes a flow forget it. */
export const forgetAccount = (): Memory => slot.without();

/** Whom a provider has named earlier in this flow. */
export function keptAccount(ctx: Context, flow: Pick<Flow, "memory">): ShownAccount | undefined {
  const kept = slot.of(ctx, flow);
  return kept && kept.until > ctx.now().getTime() ? kept : undefined;
}
