import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { executedSql } from "../../src/db/executor.ts";
import { tableOf } from "../../src/db/table.ts";
import { entities } from "../../src/orm.ts";

/** The tables whose rows belong to a tenant. */
export const ofTenants: readonly string[] = entities
  .map((entity) => tableOf(entity))
  .filter(({ columns }) => columns.some(({ name }) => name === "nid"))
  .map(({ name }) => name);

/** Who may ask without naming a tenant, and why. They read the tenant with each row, and write by it. */
export const exceptions: readonly { readonly text: RegExp; readonly why: string }[] = [
  {
    text: /^select nid, id from \w+ where [^;]*<=? [?$\d]+ order by \w+ limit [?$\d]+$/,
    why: "What has run out or is due to be deleted is found, whosever it is.",
  },
  {
    text: /^select nid as id from event_counters where id = 'sequence'$/,
    why: "Old events are deleted of one tenant after the other, also of those that are gone.",
  },
  {
    text: /^select (q\.id|q\.nid, q\.id, [^;]*) from \w+ q where q\.due_at <= /,
    why: "Workers take what is due, whosever it is.",
  },
  {
    text: /^select s\.nid, [^;]* from subscriptions s order by s\.id$/,
    why: "A server that delivers events knows the subscriptions of all tenants.",
  },
  {
    text: /^select \(select count\(\*\) from \(select id from subscription_deliveries /,
    why: "How much waits to be delivered is a figure of the server's.",
  },
  {
    text: /^select l\.asked, l\.answered, v\.id, v\.nid, v\.subject from cache_leases l /,
    why: "Who keeps sessions in memory keeps those of all tenants.",
  },
];

const reference =
  /\b(from|join|into|update)\s+(\w+)(?:\s+(?:as\s+)?(?!(?:where|set|on|order|values|left|join|group|limit|for|force|union)\b)(\w+))?/g;

/** The tables of tenants that a statement names without saying whose rows are meant. */
export function forgotten(sql: string): string[] {
  const text = sql.replaceAll(/["`]/g, "").replaceAll(/\s+/g, " ").trim();
  if (exceptions.some((exception) => exception.text.test(text))) return [];
  return [...text.matchAll(reference)].flatMap(([, verb, table, alias]) => {
    if (!ofTenants.includes(table!)) return [];
    if (verb === "into") return new RegExp(`into ${table} \\((?:\\w+, )*nid\\b`).test(text) ? [] : [table!];
    const owner = alias ? `${alias}\\.` : `(?:(?<![.\\w])|${table}\\.)`;
    const says = new RegExp(`${owner}nid = |= ${owner}nid\\b|${alias ? "(?!)" : "\\(id, nid\\) in \\("}`).test(text);
    return says ? [] : [table!];
  });
}

const judged = new Set<string>();

/** Holds until the end of a test that nothing that any database is asked forgets whose rows are meant. */
export function watchTenants(t: TestContext): void {
  const wrong = new Set<string>();
  const listener = (message: unknown) => {
    const { sql } = message as { sql: string };
    if (judged.has(sql)) return;
    if (forgotten(sql).length > 0) wrong.add(sql);
    else judged.add(sql);
  };
  executedSql.subscribe(listener);
  t.after(() => {
    executedSql.unsubscribe(listener);
    assert.deepEqual([...wrong], [], "a statement forgets whose rows it is about");
  });
}
