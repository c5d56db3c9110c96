import { readdirSync, readFileSync } from "node:fs";
import { enginesOf } from "../src/app/engines.ts";
import { stopsOfCallback, stopsOfHandover, stopsOfSubmission } from "../src/flow/pipeline/stops.ts";
import type { Stop } from "../src/flow/pipeline/stops.ts";
import { strategies } from "../src/strategies/index.ts";

const folder = new URL("../src/flow/pipeline/", import.meta.url);
const marks = { begin: "<!-- made by `npm run reference` from flow/pipeline/stops.ts -->", end: "<!-- end -->" };

/** The page of the house, with the table of stops as the list has it. */
export function withStops(page: string): string {
  const [begin, end] = [page.indexOf(marks.begin), page.indexOf(marks.end)];
  if (begin < 0 || end < begin) throw new Error("The page has no place for the table of stops.");
  return `${page.slice(0, begin)}${marks.begin}\n${stopsTable()}${page.slice(end)}`;
}

function stopsTable(): string {
  const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
  const rows = allStops().map((stop) => {
    const { name } = files.find(({ text }) =>
      new RegExp(`export (?:async function|const) ${stop.name}\\b`).test(text),
    )!;
    const ways = Object.values(waysWith).map((stops) => (stops.includes(stop) ? " • |" : " |"));
    return `| ${stop.rule} | \`${name}\`: \`${stop.name}\` |${ways.join("")} ${kindsOf(stop)} | ${stop.otherwise} |\n`;
  });
  const ways = Object.keys(waysWith).join(" | ");
  return `| stop | where in \`flow/pipeline/\` | ${ways} | kinds of flow | what it says otherwise |\n|---|---|---|---|---|---|---|\n${rows.join("")}`;
}

const waysWith = { submission: stopsOfSubmission, callback: stopsOfCallback, handover: stopsOfHandover };

/** All stops in an order that fits each way: what a callback has alone stands before what it has in common with a submission next. */
function allStops(): readonly Stop[] {
  const all = [...stopsOfSubmission];
  for (const [at, stop] of stopsOfCallback.entries()) {
    if (all.includes(stop)) continue;
    const next = stopsOfCallback.slice(at).find((one) => all.includes(one))!;
    all.splice(all.indexOf(next), 0, stop);
  }
  return all;
}

/** The kinds of flow that a stop concerns. */
function kindsOf({ concerns }: Stop): string {
  if (!concerns) return "all";
  return Object.values(enginesOf(strategies))
    .filter(({ definition }) => definition[concerns] !== undefined)
    .map(({ definition }) => definition.kind)
    .join(", ");
}
