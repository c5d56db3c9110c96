import { sql } from "kysely";
import type { Dialect } from "../../db/statement.ts";
import type { TraitCondition } from "./condition.ts";
import type { Piece } from "./piece.ts";

/** What the traits of an account `i` have to be: the trait itself, or an element of one that is a list. */
export const traitTest = (dialect: Dialect, condition: TraitCondition): Piece => tests[dialect](condition);

const tests: Readonly<Record<Dialect, (condition: TraitCondition) => Piece>> = {
  sqlite: sqliteTest,
  postgresql: postgresqlTest,
  mysql: mysqlTest,
};

const pathOf = (path: readonly string[]): string => `$${path.map((step) => `."${step}"`).join("")}`;
const ordering = (written: string): Piece => sql.raw(written);

function sqliteTest(condition: TraitCondition): Piece {
  const path = pathOf(condition.path);
  if (condition.test === "present")
    return sql`(json_type(i.traits, ${path}) is not null and json_type(i.traits, ${path}) <> 'null')`;
  // Of an object its members would come.
  return sql`(coalesce(json_type(i.traits, ${path}), 'object') <> 'object' and exists (select 1 from json_each(i.traits, ${path}) e where ${sqliteElement(condition)}))`;
}

function sqliteElement(condition: Exclude<TraitCondition, { test: "present" }>): Piece {
  const { value } = condition;
  if (condition.test === "compares")
    return sql`e.type in ('integer', 'real') and e.value ${ordering(condition.ordering)} ${value}`;
  if (condition.test === "begins")
    return sql`e.type = 'text' and substr(e.value, 1, ${[...condition.value].length}) = ${value}`;
  if (typeof value === "boolean") return sql`e.type = ${String(value)}`;
  if (typeof value === "number") return sql`e.type in ('integer', 'real') and e.value = ${value}`;
  return sql`e.type = 'text' and e.value = ${value}`;
}

function postgresqlTest(condition: TraitCondition): Piece {
  const steps = condition.path.map((step) => sql`${step}::text`);
  const trait = sql`i.traits #> array[${sql.join(steps)}]`;
  if (condition.test === "present") return sql`coalesce(jsonb_typeof(${trait}) <> 'null', false)`;
  // Lists are taken apart by the path itself, and values of other types are not equal.
  const found =
    condition.test === "begins"
      ? "@ starts with $v"
      : `@ ${condition.test === "equals" ? "==" : condition.ordering} $v`;
  const vars = JSON.stringify({ v: condition.value });
  return sql`coalesce(jsonb_path_exists(${trait}, ${`$ ? (${found})`}::text::jsonpath, ${vars}::text::jsonb), false)`;
}

function mysqlTest(condition: TraitCondition): Piece {
  const path = pathOf(condition.path);
  const typeOf = sql`json_type(json_extract(i.traits, ${path}))`;
  switch (condition.test) {
    case "present":
      return sql`coalesce(${typeOf} <> 'NULL', false)`;
    case "equals":
      return sql`coalesce(${typeOf} <> 'OBJECT' and json_contains(i.traits, ${JSON.stringify(condition.value)}, ${path}), false)`;
    case "begins":
      return sql`coalesce(${typeOf} <> 'OBJECT' and json_search(i.traits, 'one', ${likeBeginning(condition.value)}, '!', ${path}, ${`${path}[*]`}) is not null, false)`;
    case "compares":
      return sql`coalesce(${typeOf} in ('INTEGER', 'DOUBLE', 'DECIMAL') and cast(json_value(i.traits, ${path}) as double) ${ordering(condition.ordering)} ${condition.value}, false)`;
  }
}

const likeBeginning = (text: string): string => `${text.replaceAll(/[!%_]/g, "!$&")}%`;
