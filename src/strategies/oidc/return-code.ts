import type { Context } from "../../context.ts";
import { constantTimeEqual, randomToken, sha256Hex } from "../../crypto/token.ts";
import type { Flow } from "../../flow/flow.ts";
import type { FlowKind } from "../../flow/kinds.ts";
import { destination } from "../../flow/return-to.ts";
import { defineSealedMemory } from "../../flow/sealed-memory.ts";
import { spendChallenge } from "../../flow/spend-challenge.ts";
import { redirect, reject } from "../../flow/verdict.ts";
import type { Verdict } from "../../flow/verdict.ts";
import type { UpstreamAccount } from "../../provider/provider.ts";
import { invalidSubmission } from "../../ui/messages.ts";
import { providerOf } from "./upstream-login.ts";
import type { UpstreamLogin, StatePayload } from "./upstream-login.ts";

/** Whom the browser of a native client has brought back, and by which code the client may go on with them. */
interface PendingReturn extends StatePayload {
  readonly provider: string;
  readonly account: UpstreamAccount;
  /** SHA-256, in hex. */
  readonly codeHash: string;
  /** How many challenges of the flow had been answered: the code is of use as long as that is so. */
  readonly round: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const codeLength = 64;
const lifespanMs = 30 * 60_000;
const pendingReturn = defineSealedMemory<PendingReturn>("oidc_return");

/**
 * Whether nothing happens by what a browser brings back, until the client shows that it was its own: whoever has begun a native
 * flow may have sent somebody else to the provider, whose account would be linked with theirs.
 */
export const requiresReturnCode = ({ type, exchangeCodeHash }: Pick<Flow, "type" | "exchangeCodeHash">): boolean =>
  type === "api" && exchangeCodeHash === null;

/** Sends the browser home to the native client, with a code by which that goes on. */
export function redirectWithReturnCode<K extends FlowKind>(
  ctx: Context,
  flow: Flow<K>,
  { provider, account, ...statePayload }: UpstreamLogin,
): Verdict<K> {
  const code = randomToken(codeLength);
  const home = new URL(destination(ctx, flow.returnTo));
  home.searchParams.set("code", code);
  home.searchParams.set("flow", flow.id);
  const kept: PendingReturn = {
    ...statePayload,
    provider: provider.config.id,
    account,
    codeHash: sha256Hex(code),
    round: flow.challengesSpent,
    until: ctx.now().getTime() + lifespanMs,
  };
  return redirect(home.href, { memory: pendingReturn.with(ctx, kept) });
}

/** Goes on with whom the browser has brought back from a provider, once. */
export async function completeByReturnCode<K extends FlowKind>(
  ctx: Context,
  flow: Flow<K>,
  { code, provider: id }: { readonly code: string; readonly provider: string },
  settle: (upstreamLogin: UpstreamLogin) => Promise<Verdict<K>>,
): Promise<Verdict<K>> {
  const kept = pendingReturn.of(ctx, flow);
  const fits =
    kept?.provider === id && kept.until > ctx.now().getTime() && constantTimeEqual(kept.codeHash, sha256Hex(code));
  if (!fits || !(await spendChallenge(ctx, flow, kept.round)))
    return reject({ message: invalidSubmission("The code is incorrect or has already been used.") });
  const { provider: _, account, codeHash: _hash, round, until: _until, ...statePayload } = kept;
  const verdict = await settle({ ...statePayload, provider: await providerOf(ctx, id), account });
  return { ...verdict, challengesSpent: round + 1, memory: { ...pendingReturn.without(), ...verdict.memory } };
}
