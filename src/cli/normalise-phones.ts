import { isUuid } from "../db/id.ts";
import type { PhoneTable } from "../identity/phone-numbers.ts";
import type { Command, Option } from "./command.ts";
import { databaseOperand, databaseOptions } from "./database-operand.ts";
import { formatOptions } from "./output/format.ts";
import { duration, wholeNumber } from "./values.ts";

/** The tables with phone numbers, as Kratos' command calls them: identifiers of credentials, addresses to verify, and to recover by. */
const tables: readonly PhoneTable[] = ["ci", "va", "ra"];

const options: readonly Option[] = [
  {
    name: "batch-size",
    short: "b",
    value: "rows",
    summary: "Rows looked at in a batch. Default: 1000.",
    read: wholeNumber(1, 100_000),
  },
  { name: "batch-delay", value: "duration", summary: "Pause between batches. Default: 1s.", read: duration },
  { name: "dry-run", summary: "Tells what would be changed, and changes nothing." },
  {
    name: "start-after",
    value: "table=id",
    multiple: true,
    summary: "Goes on behind a row, as the progress has told it, such as ci=<id>; ci, va and ra are the tables.",
    read: readStart,
  },
];

/** `ostiary migrate normalize-phone-numbers` */
export const normalisePhonesCommand: Command = {
  name: "migrate normalize-phone-numbers",
  operands: [databaseOperand],
  summary:
    "Writes phone numbers of accounts that came from elsewhere by E.164, in the names, the addresses and the traits of people.",
  details: ["It can be interrupted and run again. Make a backup before: what is written differently cannot be undone."],
  options: [...options, ...databaseOptions, ...formatOptions],
  examples: ["DSN=... ostiary migrate normalize-phone-numbers -e --dry-run"],
  run: async (call) => (await import("./normalise-phones-run.ts")).normalisePhones(call),
};

function readStart(typed: string): { readonly table: PhoneTable; readonly id: string } {
  const [name, id = ""] = typed.split("=");
  const table = tables.find((one) => one === name);
  if (!table || !isUuid(id))
    throw new Error(`must be a table and an id, such as ci=<id>; the tables are ${tables.join(", ")}.`);
  return { table, id: id.toLowerCase() };
}
