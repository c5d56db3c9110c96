import type { Context } from "../context.ts";
import { openCookie, sealCookie } from "../crypto/cookie-seal.ts";

const purpose = "first owner";
const lastsMs = 24 * 3_600_000;

type Asked = Pick<Context, "config" | "now">;

/** What makes whoever signs in by it the first owner, as long as there is no administrator, for a day at most. */
export const newClaim = ({ config, now }: Asked): string =>
  sealCookie(purpose, String(now().getTime() + lastsMs), config.secrets.cookie);

/** Whether something is a claim of ours, and not too old. */
export function isClaim({ config, now }: Asked, claim: string): boolean {
  const until = openCookie(purpose, claim, config.secrets.cookie);
  return until !== undefined && now().getTime() < Number(until);
}
