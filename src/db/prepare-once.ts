import type Sqlite from "better-sqlite3";

const mostKept = 200;

/**
 * Lets a SQLite handle keep the writes that it has prepared: preparing one takes longer than running it. Texts that bring
 * their values along would never be met again, so only those with placeholders, and those of transactions, are kept.
 */
export function prepareOnce(handle: Sqlite.Database): void {
  const prepare = handle.prepare.bind(handle);
  const kept = new Map<string, Sqlite.Statement>();
  handle.prepare = ((text: string) => {
    const known = kept.get(text);
    if (known) return known;
    const statement = prepare(text);
    if (kept.size < mostKept && (text.includes("?") || /^(begin|commit|rollback)$/i.test(text))) kept.set(text, statement);
    return statement;
  }) as typeof handle.prepare;
}
