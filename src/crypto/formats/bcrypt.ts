import { bcrypt, bcryptMaxBytes } from "../bcrypt.ts";
import { beyond, defineFamily, malformed } from "./family.ts";

const layout = /^\$2[abzy]?\$(\d{2})\$([./A-Za-z0-9]{53})$/;

/** The parts of a bcrypt hash. */
export interface BcryptHash {
  readonly cost: number;
  /** The hash with the one prefix that every library knows; the algorithm is the same for all of them. */
  readonly hash: string;
}

/** Takes a bcrypt hash apart; a string says why it cannot be. */
export function parseBcrypt(hash: string): BcryptHash | string {
  const [, cost, rest] = layout.exec(hash) ?? [];
  if (!cost) return malformed;
  return beyond({ cost: [Number(cost), 4, 31] }) ?? { cost: Number(cost), hash: `$2a$${cost}$${rest}` };
}

const importBounds = ({ cost }: BcryptHash) => beyond({ cost: [cost, 4, 15] });

async function fits(password: Buffer, { hash }: BcryptHash): Promise<boolean> {
  // Bcrypt itself would not look at the rest, and take every password that begins alike.
  if (password.length > bcryptMaxBytes) return false;
  return (await bcrypt()).verify(password.toString(), hash);
}

/** Bcrypt under all of its prefixes. */
export const bcryptFamily = defineFamily("bcrypt", /^\$2[abzy]?\$/, parseBcrypt, fits, importBounds);
