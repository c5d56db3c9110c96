import type Sqlite from "better-sqlite3";
import { createBoundedCache } from "../bounded-cache.ts";

/**
 * Lets a SQLite handle keep the writes that it has prepared: preparing one takes longer than running it. Texts that bring
 * their values along would never be met again, so only those with placeholders, and those of transactions, are kept.
 */
export function prepareOnce(handle: Sqlite.Database): void {
  const prepare = handle.prepare.bind(handle);
  const kept = createBoundedCache<string, Sqlite.Statement>(400);
  handle.prepare = ((text: string) => {
    const known = kept.get(text);
    if (known) return known;
    const statement = prepare(text);
    return text.includes("?") || /^(begin|commit|rollback|savepoint|release)\b/i.test(text)
      ? kept.set(text, statement)
      : statement;
  }) as typeof handle.prepare;
}
