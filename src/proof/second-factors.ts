import type { Context } from "../context.ts";
import { availableAal, setUpAal } from "../identity/factors.ts";
import { kindOf } from "../identity/kinds/index.ts";
import type { IdentityWithCredentialsRow } from "../identity/rows.ts";
import { viaOf } from "../schema/normalise.ts";
import { secondFactorRequired } from "../session/required-aal.ts";
import type { SessionRow } from "../session/statements.ts";

/**
 * Whoever has only the first factor must not do away with the second, read it, or set up another and pass by that. Where
 * settings are open to the first factor, codes to an address are no reason to keep anybody from a better second factor.
 */
export function assertMayTouchSecondFactors(
  ctx: Context,
  session: SessionRow,
  account: IdentityWithCredentialsRow,
): void {
  if (session.aal < setUpAal(ctx.config, account)) throw secondFactorRequired(ctx);
}

/** Whether a change takes second factors away, or lets codes that are one go where they did not go before. */
export function touchesSecondFactors(
  ctx: Context,
  before: IdentityWithCredentialsRow,
  after: IdentityWithCredentialsRow,
): boolean {
  if (availableAal(ctx.config, after) < availableAal(ctx.config, before)) return true;
  const known = new Set(addressesOf(before));
  const { methods } = ctx.config.selfservice;
  return addressesOf(after).some(
    (address) => !known.has(address) && kindOf("code").second!.offered(methods, viaOf(address)),
  );
}

/** Where codes may go: to the addresses of the credential, and to others once they are verified. */
const addressesOf = ({ credentials, verifiableAddresses }: IdentityWithCredentialsRow): string[] => [
  ...credentials.filter(({ type }) => type === "code").flatMap(({ identifiers }) => identifiers),
  ...verifiableAddresses.map(({ value }) => value),
];
