import { readdirSync, readFileSync } from "node:fs";
import { enginesOf } from "../src/app/engines.ts";
import { stopsOfSubmission } from "../src/flow/pipeline/stops.ts";
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
  const rows = stopsOfSubmission.map((stop) => {
    const { name } = files.find(({ text }) => new RegExp(`export (?:async function|const) ${stop.run.name}\\b`).test(text))!;
    return `| ${stop.rule} | \`${name}\`: \`${stop.run.name}\` | ${kindsOf(stop)} | ${stop.otherwise} |\n`;
  });
  return `| stop | where in \`flow/pipeline/\` | kinds of flow | what it says otherwise |\n|---|---|---|---|\n${rows.join("")}`;
}

/** The kinds of flow that a stop concerns. */
function kindsOf({ concerns }: Stop): string {
  if (!concerns) return "all";
  return Object.values(enginesOf(strategies))
    .filter(({ definition }) => definition[concerns] !== undefined)
    .map(({ definition }) => definition.kind)
    .join(", ");
}
