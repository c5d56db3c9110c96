import { sql } from "kysely";
import type { RawBuilder } from "kysely";
import { snakeCase } from "../../db/snake-case.ts";

/** A piece of a statement. Whatever somebody has written is a parameter of it, never a part of its text. */
export type Piece = RawBuilder<unknown>;

/** A column of the account `i`. */
export const column = (property: string): Piece => sql.raw(`i.${snakeCase(property)}`);

/** Behind all that any text goes on with, in the order of code points: Unicode gives it to no character. */
export const lastCharacter = "\u{10ffff}";

/** Pieces one after another. */
export const joined = (pieces: readonly Piece[], by: string): Piece => sql.join([...pieces], sql.raw(by));
