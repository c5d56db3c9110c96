/** What a change of the schema does that servers of the version before would stumble over. */
export interface Breach {
  readonly statement: string;
  readonly why: string;
}

/** What only a contracting migration may do: whoever still runs the version before reads or writes it. */
const contracting: readonly [RegExp, string][] = [
  [/^drop table\b/, "servers of the version before read the table"],
  [/^truncate\b/, "it takes what others have written"],
  [
    /^alter table .*\bdrop (?:column\b|(?!constraint\b|index\b|key\b|check\b|foreign\b|primary\b|default\b)\w)/,
    "servers of the version before read the column",
  ],
];

/** What no migration may do, in either phase. */
const never: readonly [RegExp, string][] = [
  [
    /^alter table .*\brename\b|^rename table\b/,
    "nobody knows both names: add the new one, copy, and drop the old one a version later",
  ],
  [
    /^alter table .*\b(?:alter (?:column )?\w+ (?:set data )?type|modify|change)\b/,
    "a column keeps its type: add another one",
  ],
  [
    /^alter table .*\bset not null\b/,
    "servers of the version before may leave it empty: it needs a default from the beginning",
  ],
  [
    /^alter table .*\badd (?:column )?(?!constraint\b|unique\b|primary\b|foreign\b|check\b|index\b|key\b)(?=.*\bnot null\b)(?!.*\bdefault\b)/,
    "servers of the version before do not fill the column: it needs a default, or may be null",
  ],
  [
    /^alter table .*\badd (?:constraint \w+ )?(?:unique|check|primary key|foreign key)\b/,
    "servers of the version before do not know what it forbids",
  ],
];

/** A new table is nobody's yet; what a script makes may be forbidden anything. */
const forbiddingIndex = /^create unique index (?:if not exists )?\w+ on (\w+)/;

/** Whether a migration takes away what no server uses any more. Its name says so. */
export const isContracting = (version: string): boolean => /^\d+_contract_/.test(version);

/** What is wrong with a migration that runs while servers of the version before serve. */
export function breachesOf(version: string, script: string): readonly Breach[] {
  const statements = statementsOf(script);
  const own = new Set(statements.flatMap((one) => /^create table (?:if not exists )?(\w+)/.exec(one)?.[1] ?? []));
  const rules = isContracting(version) ? never : [...never, ...contracting];
  return statements.flatMap((statement) => {
    const table = forbiddingIndex.exec(statement)?.[1] ?? /^alter table (?:if exists )?(\w+)/.exec(statement)?.[1];
    if (table && own.has(table)) return [];
    if (forbiddingIndex.test(statement))
      return [{ statement, why: "servers of the version before may write what it forbids" }];
    return rules.filter(([pattern]) => pattern.test(statement)).map(([, why]) => ({ statement, why }));
  });
}

const statementsOf = (script: string): readonly string[] =>
  script
    .replace(/--.*$/gm, "")
    .split(/;\s*(?:\n|$)/)
    .map((one) => one.replaceAll(/["`]/g, "").replaceAll(/\s+/g, " ").trim().toLowerCase())
    .filter(Boolean);
