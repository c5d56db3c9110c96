import type { EntityManager } from "@mikro-orm/core";
import type { Context } from "../context.ts";
import { countTry, forgetTries } from "../throttle/throttle.ts";
import type { Allowance } from "../throttle/throttle.ts";
import { Code } from "./entities.ts";
import type { CodePurpose } from "./entities.ts";
import { inTransaction } from "./in-transaction.ts";
import { isSecret } from "./secret.ts";

/** What somebody proved by typing a code, or by opening a link: that the address is theirs. */
export interface ProvenAddress {
  readonly via: "email" | "sms";
  readonly address: string;
  /** The account that the code was made for; null where there was none yet. */
  readonly identityId: string | null;
}

/**
 * Uses a code up: of many who bring the right one at a time, one gets the proof. Undefined for a code that is wrong, was
 * used, has run out or belongs to another flow. One conditional statement decides.
 */
export async function redeemCode(
  ctx: Context,
  em: EntityManager,
  { flowId, purpose }: { readonly flowId: string; readonly purpose: CodePurpose },
  secret: string,
): Promise<ProvenAddress | undefined> {
  const candidates = await em.find(Code, { flowId, purpose, usedAt: null }, { disableIdentityMap: true });
  if (isGuess(secret) && !(await mayGuess(ctx, em, candidates))) return undefined;
  const matching = candidates.filter((code) => isSecret(ctx.config, code, secret, code.secretHash));
  const found = matching[0];
  if (!found) return undefined;
  const now = ctx.now();
  // The condition decides, on every engine: the number of rows is of those that were not used before.
  const unused = { id: found.id, usedAt: null, expiresAt: { $gt: now } };
  const used = await em.nativeUpdate(Code, unused, { usedAt: now, updatedAt: now });
  if (used !== 1) return undefined;
  await forgetTries(inTransaction(ctx, em), guessOf(found), [allowanceOf(ctx)]);
  const { via, address, identityId } = found;
  return { via, address, identityId };
}

/** Whether a code would be taken, without using it up. It counts as a try all the same. */
export async function isRightCode(
  ctx: Context,
  em: EntityManager,
  { flowId, purpose }: { readonly flowId: string; readonly purpose: CodePurpose },
  secret: string,
): Promise<boolean> {
  const candidates = await em.find(Code, { flowId, purpose, usedAt: null }, { disableIdentityMap: true });
  if (!(await mayGuess(ctx, em, candidates))) return false;
  return candidates.some((code) => code.expiresAt > ctx.now() && isSecret(ctx.config, code, secret, code.secretHash));
}

const dayMs = 86_400_000;

/** Tokens of links cannot be guessed. */
const isGuess = (secret: string): boolean => !isLinkToken(secret);

/** Whether a secret can be the token of a link: six digits are no such thing, and are counted where they are typed. */
export const isLinkToken = (secret: string): boolean => secret.length >= 32;

/**
 * All flows share one count for each address: many flows are no more chances than one. What an administrator hands over
 * went to no address, and is counted for the account.
 */
const guessOf = ({ purpose, via, address, identityId }: Code) => ({ what: `${purpose} code`, whom: `${via} ${address || identityId}` });

const allowanceOf = ({ config }: Context): Allowance => ({
  tries: config.selfservice.methods.code.config.max_submissions_per_address,
  windowMs: dayMs,
});

/** Counts a try against the addresses that the codes of a flow went to, before it is looked at. */
async function mayGuess(ctx: Context, em: EntityManager, codes: readonly Code[]): Promise<boolean> {
  const allowance = allowanceOf(ctx);
  if (allowance.tries === 0) return true;
  const addresses = new Map(codes.map((code) => [`${code.via} ${code.address}`, code]));
  const counting = inTransaction(ctx, em);
  let may = true;
  for (const code of addresses.values()) may = (await countTry(counting, guessOf(code), allowance)) && may;
  return may;
}
