import type { Context } from "../context.ts";
import { inEveryDialect } from "../db/json-sql.ts";
import type { Dialect } from "../db/statement.ts";
import { statement } from "../db/statement.ts";
import type { Budget, BudgetRow } from "./budget.ts";

const reading = statement("budgets", "select id, tries, ends_at from throttles where nid = ? and id in (?, ?, ?)");

/** The rows of up to three budgets. */
export async function readBudgets(ctx: Context, ids: readonly string[]): Promise<Map<string, BudgetRow>> {
  const rows = await ctx.db.read<BudgetRow>(reading, [ctx.tenant.id, ids[0], ids[1] ?? ids[0], ids[2] ?? ids[0]]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A number that depends on the row: its placeholders take an id and a number for each but the last, then a number. */
const ofRow = (rows: number, dialect: Dialect) => {
  const number = `cast(? as ${dialect === "mysql" ? "signed" : "bigint"})`;
  return rows === 1 ? number : `case throttles.id when ? then ${number} else ${number} end`;
};
const later = (a: string, b: string, dialect: Dialect) => `${dialect === "sqlite" ? "max" : "greatest"}(${a}, ${b})`;
const valuesOfRow = (budgets: readonly Budget[], value: (budget: Budget) => number): (number | string)[] =>
  budgets.length === 1 ? [value(budgets[0]!)] : [budgets[0]!.id, value(budgets[0]!), value(budgets[1]!)];

// MySQL sets columns from left to right and reads what it has just set: the end has to come last.
const taking = [1, 2].map((rows) =>
  statement(
    `budgets_take_${rows}`,
    inEveryDialect(
      (_, dialect) => `update throttles set tries = case when ends_at <= ? then 1 else tries + 1 end,
        ends_at = ${later(`ends_at + ${ofRow(rows, dialect)}`, ofRow(rows, dialect), dialect)}
      where nid = ? and ((id = ? and (ends_at <= ? or tries < ?) and ends_at <= ?)${rows === 2 ? " or id = ?" : ""})`,
    ),
  ),
);

/**
 * Takes a guess from the first budget, if there is one, and from the second in any case; both have a row. Counting and
 * judging are one statement: of any number at once, on any number of servers, no more are made than there are.
 */
export async function takeGuess(ctx: Context, budgets: readonly Budget[], onTheirWay: number): Promise<boolean> {
  const now = ctx.now().getTime();
  const [first, second] = [budgets[0]!, budgets[1]];
  const steps = valuesOfRow(budgets, ({ stepMs }) => stepMs);
  const ends = valuesOfRow(budgets, ({ keptMs, stepMs }) => now + keptMs + stepMs);
  const latest = now + first.keptMs + (first.atOnce - 1 - onTheirWay) * first.stepMs;
  const most = Math.min(first.inARow - onTheirWay, 2 ** 31 - 1);
  const limits = [first.id, now, most, latest, ...(second ? [second.id] : [])];
  const taken = await ctx.db.write(taking[budgets.length - 1]!, [now, ...steps, ...ends, ctx.tenant.id, ...limits]);
  return taken === budgets.length;
}

const opening = statement(
  "budget_open",
  inEveryDialect((_, dialect) =>
    dialect === "mysql"
      ? "insert ignore into throttles (nid, id, tries, ends_at) values (?, ?, 0, ?)"
      : "insert into throttles (nid, id, tries, ends_at) values (?, ?, 0, ?) on conflict do nothing",
  ),
);

/** Gives a budget its row. */
export async function openBudget(ctx: Context, { id, keptMs }: Budget): Promise<void> {
  await ctx.db.write(opening, [ctx.tenant.id, id, ctx.now().getTime() + keptMs]);
}

const noting = [1, 2].map((rows) =>
  statement(
    `budgets_note_${rows}`,
    inEveryDialect((_, dialect) => {
      const fresh = dialect === "mysql" ? "values(ends_at)" : "excluded.ends_at";
      const end = later(`throttles.ends_at + ${ofRow(rows, dialect)}`, fresh, dialect);
      return `insert into throttles (nid, id, tries, ends_at) values (?, ?, 1, ?)${rows === 2 ? ", (?, ?, 1, ?)" : ""}
        on ${dialect === "mysql" ? "duplicate key update" : "conflict (id, nid) do update set"}
          tries = case when throttles.ends_at <= ? then 1 else throttles.tries + 1 end, ends_at = ${end}`;
    }),
  ),
);

/** Counts a wrong guess that was made already: nothing depends on what the statement says. */
export async function noteWrong(ctx: Context, budgets: readonly Budget[]): Promise<void> {
  const now = ctx.now().getTime();
  const rows = budgets.flatMap(({ id, keptMs, stepMs }) => [ctx.tenant.id, id, now + keptMs + stepMs]);
  const steps = valuesOfRow(budgets, ({ stepMs }) => stepMs);
  await ctx.db.write(noting[budgets.length - 1]!, [...rows, now, ...steps]);
}

const returning = [1, 2].map((rows) =>
  statement(
    `budgets_return_${rows}`,
    inEveryDialect(
      (_, dialect) => `update throttles set tries = case when id = ? or tries < 1 then 0 else tries - 1 end,
        ends_at = ends_at - ${ofRow(rows, dialect)} where nid = ? and id in (${rows === 2 ? "?, ?" : "?"})`,
    ),
  ),
);

/** Gives back what was taken for a guess that was right, which ends the row of failures, or that was never made. */
export async function returnGuess(ctx: Context, budgets: readonly Budget[], right: boolean): Promise<void> {
  const steps = valuesOfRow(budgets, ({ stepMs }) => stepMs);
  const values = [right ? budgets[0]!.id : "", ...steps, ctx.tenant.id, ...budgets.map(({ id }) => id)];
  await ctx.db.write(returning[budgets.length - 1]!, values);
}

const resetting = statement(
  "budgets_reset",
  "update throttles set tries = 0 where nid = ? and id in (?, ?) and tries < ?",
);

/** Ends the failures in a row, but for a budget that they have brought to its end. */
export async function endRow(ctx: Context, budgets: readonly Budget[]): Promise<void> {
  const most = Math.min(...budgets.map(({ inARow }) => inARow), 2 ** 31 - 1);
  await ctx.db.write(resetting, [ctx.tenant.id, budgets[0]!.id, (budgets[1] ?? budgets[0]!).id, most]);
}

const beginning = statement(
  "budgets_begin",
  "update throttles set tries = 0 where nid = ? and id in (?, ?) and tries > 0",
);

/** Ends the failures in a row, also where they have brought a budget to its end. The hour stays as it is. */
export async function beginRows(ctx: Context, budgets: readonly Budget[]): Promise<void> {
  for (let at = 0; at < budgets.length; at += 2)
    await ctx.db.write(beginning, [ctx.tenant.id, budgets[at]!.id, (budgets[at + 1] ?? budgets[at]!).id]);
}

const forgetting = statement("budget_forget", "delete from throttles where nid = ? and id = ?");

/** Forgets all guesses. */
export async function forgetBudget(ctx: Context, { id }: Budget): Promise<void> {
  await ctx.db.write(forgetting, [ctx.tenant.id, id]);
}
