import type { Context } from "../context.ts";
import { change, find } from "../db/query.ts";
import { endCodeFailures, judgeCode } from "../throttle/code-guess.ts";
import { countTry, forgetTries } from "../throttle/throttle.ts";
import type { Allowance } from "../throttle/throttle.ts";
import { codes } from "./entities.ts";
import type { Code, CodePurpose } from "./entities.ts";
import { isSecret, addresseeOf, shortLength } from "./secret.ts";

/** What somebody proved by typing a code, or by opening a link: that the address is theirs. */
export interface ProvenAddress {
  readonly via: "email" | "sms";
  readonly address: string;
  /** The account that the code was made for; null where there was none yet. */
  readonly identityId: string | null;
}

/** Where a code is worth something, and for what. */
export interface CodeUse {
  readonly flowId: string;
  readonly purpose: CodePurpose;
}

/**
 * Uses a code up. If several correct attempts race, exactly one succeeds. Undefined for a code that is wrong, was
 * used, has run out or belongs to another flow. One conditional statement decides. It stands in no transaction: guesses
 * that are counted within one are undone with it, and nobody else sees them before its end.
 */
export async function redeemCode(ctx: Context, use: CodeUse, secret: string): Promise<ProvenAddress | undefined> {
  const found = await findCode(ctx, use, secret);
  if (!found) return undefined;
  const now = ctx.now();
  // The condition decides, on every engine: the number of rows is of those that were not used before.
  const used = await change(ctx, codes, { usedAt: now, updatedAt: now }, (query) =>
    query.where("id", "=", found.id).where("usedAt", "is", null).where("expiresAt", ">", now),
  );
  if (used !== 1) return undefined;
  if (!isGuess(secret)) await endCodeFailures(ctx, addresseeOf(found));
  if (allowanceOf(ctx).tries > 0) await forgetTries(ctx, guessOf(found), [allowanceOf(ctx)]);
  const { via, address, identityId } = found;
  return { via, address, identityId };
}

/** Whether a code would be taken, without using it up. It counts as a try all the same. */
export const isRightCode = async (ctx: Context, use: CodeUse, secret: string): Promise<boolean> =>
  (await findCode(ctx, use, secret)) !== undefined;

const dayMs = 86_400_000;

/** Tokens of links cannot be guessed, nor can long codes: no short one is of their length. */
const isGuess = (secret: string): boolean => secret.length <= shortLength;

/** Whether a secret can be the token of a link: digits are no such thing, and are counted where they are typed. */
export const isLinkToken = (secret: string): boolean => secret.length >= 32;

/** The code of a flow that a secret is, if guessing is still allowed. */
async function findCode(ctx: Context, { flowId, purpose }: CodeUse, secret: string): Promise<Code | undefined> {
  const unused = await find(ctx, codes, (query) =>
    query.where("flowId", "=", flowId).where("purpose", "=", purpose).where("usedAt", "is", null),
  );
  const right = unused.filter(
    (code) => isSecret(ctx.config, code, secret, code.secretHash) && code.expiresAt > ctx.now(),
  )[0];
  if (!isGuess(secret)) return right;
  if (!(await mayGuess(ctx, unused))) return undefined;
  // Whoever gets codes at several addresses is wrong at none of them with the code of one.
  const first = right && addresseeOf(right);
  for (const addressee of new Set([...(first === undefined ? [] : [first]), ...unused.map(addresseeOf)]))
    if (await judgeCode(ctx, addressee, async () => addressee === first)) return right;
  return undefined;
}

/** What may be wrong in a day is counted for each purpose apart. */
const guessOf = (code: Code) => ({ what: `${code.purpose} code`, whom: addresseeOf(code) });

const allowanceOf = ({ config }: Context): Allowance => ({
  tries: config.selfservice.methods.code.config.max_submissions_per_address,
  windowMs: dayMs,
});

/** Counts a try of a day against the addresses that the codes of a flow went to, before it is looked at. */
async function mayGuess(ctx: Context, unused: readonly Code[]): Promise<boolean> {
  const allowance = allowanceOf(ctx);
  if (allowance.tries === 0) return true;
  const addresses = new Map(unused.map((code) => [addresseeOf(code), code]));
  let may = true;
  for (const code of addresses.values()) may = (await countTry(ctx, guessOf(code), allowance)) && may;
  return may;
}
