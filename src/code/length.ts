import type { Context } from "../context.ts";
import { areCodesGuessedUp } from "../throttle/code-guess.ts";
import { addresseeOf, longLength, shortLength } from "./secret.ts";
import type { Addressee } from "./secret.ts";

/**
 * How many digits a code has now. Anybody can guess at an address, and so use up what may be guessed there; its owner
 * must not be shut out by that: they get codes then that are not counted, since nobody can guess them.
 */
export const codeLength = async (ctx: Context, whom: Addressee): Promise<number> =>
  (await areCodesGuessedUp(ctx, addresseeOf(whom))) ? longLength : shortLength;
