/** Functions that CockroachDB has as PostgreSQL does. */
const functions = new Set(
  `array array_agg cast clock_timestamp coalesce count current_setting div exists extract floor greatest json_agg
  json_array_elements_text json_build_array jsonb_path_exists jsonb_typeof least length lower max min nullif row_number substr sum
  to_json version`.split(/\s+/),
);

/** Words before a parenthesis that call nothing. */
const words = new Set(
  `and as by case check conflict cross distinct else except from group having in into join key like not on or order over
  partition references returning row select set table then union unique update using values varchar when where with`.split(
    /\s+/,
  ),
);

const types = new Set("bigint boolean bytea integer json jsonb jsonpath text uuid varchar".split(" "));
const heads =
  /^(select|insert into|update|delete from|with|begin(?: isolation level read committed)?|commit|rollback|create table|create (?:unique )?index|drop table|drop index|alter table)\b/;
const unknown: readonly (readonly [RegExp, string])[] = [
  [/ collate /, "collations are those of languages"],
  [/[\w)] \/ /, "whole numbers are divided with a fraction"],
  [/\bctid\b|\bxmin\b|\bpg_\w+/, "no system columns and functions of PostgreSQL's"],
  [/\bonly\b|\btablesample\b|\blateral \(values/, "not in its grammar"],
  [/\bon commit\b|\binherits\b|\bexclude\b|\bdeferrable\b/, "no such tables and constraints"],
];

/** Why CockroachDB would not take a text, by a list of what it is known to take: what is on no list is refused. */
export function refusalOf(sql: string): string | undefined {
  // Comments and words in quotes are nothing of the dialect's.
  const text = sql
    .replaceAll(/--.*$/gm, "")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/\s+/g, " ")
    .toLowerCase();
  for (const one of text.split(";").map((part) => part.trim())) {
    if (one === "") continue;
    if (!heads.test(one)) return `not known to begin a statement: ${one.slice(0, 40)}`;
    for (const [pattern, reason] of unknown) if (pattern.test(one)) return reason;
    for (const [, name] of one.matchAll(/([a-z_][a-z0-9_.]*) ?\(/g))
      if (!isName(one, name!) && !functions.has(name!) && !words.has(name!)) return `no function ${name}`;
    for (const [, type] of one.matchAll(/::([a-z]+)/g)) if (!types.has(type!)) return `no type ${type}`;
  }
  return undefined;
}

/** Whether a word is the name of a table or an index whose columns follow. */
const isName = (sql: string, word: string): boolean =>
  new RegExp(
    `(?:into|table(?: if not exists)?|on|references|as|with|constraint \\w+ (?:foreign|primary)) ${word}\\b`,
  ).test(sql);
