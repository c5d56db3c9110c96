import { randomBytes } from "node:crypto";
import type { Context } from "../../context.ts";
import { openConfig, sealConfig } from "../../identity/credential-seal.ts";
import { drawLetters } from "../../crypto/token.ts";

/** A backup code: a secret that signs in once. */
export interface LookupSecret {
  readonly code: string;
  /** RFC 3339; null until it is used. */
  readonly used_at: string | null;
}

/** A backup code as it is stored: the name of the list is Kratos', and the code is sealed. */
export interface StoredLookupSecret extends LookupSecret {
  /** The keyed hash by which the code is known again. */
  readonly mac?: string;
}

/** What is stored of backup codes. */
export interface LookupCredential {
  readonly recovery_codes: readonly StoredLookupSecret[];
}

const type = "lookup_secret";
const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
const count = 12;
const length = 8;

/** New codes, sealed. */
export function makeCodes(ctx: Context): Record<string, unknown> {
  const codes = Array.from({ length: count }, (): LookupSecret => ({
    code: drawLetters(letters, length, () => randomBytes(2 * length)),
    used_at: null,
  }));
  return sealConfig(ctx.config, type, { recovery_codes: codes });
}

/** Codes as their owner reads them. */
export function openCodes(ctx: Context, stored: Record<string, unknown>): readonly LookupSecret[] {
  const { recovery_codes: codes } = openConfig(ctx.config, type, stored) as unknown as {
    recovery_codes: LookupSecret[];
  };
  return codes.map(({ code, used_at }) => ({ code, used_at: used_at ?? null }));
}
