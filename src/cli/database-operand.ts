import { readPart } from "../config/part.ts";
import { text } from "../config/setting.ts";
import type { CommandCall, Option } from "./command.ts";
import { configFiles, configOption } from "./config-files.ts";

const fromEnvironment: Option = {
  name: "read-from-env",
  short: "e",
  type: "boolean",
  summary: "Uses the database from the variable DSN.",
};

/** The flags that say which database a command is about. */
export const databaseOptions: readonly Option[] = [configOption, fromEnvironment];

/** The database that a command is about: its operand, else the variable DSN, else what the files name. */
export function databaseOf(call: CommandCall): string {
  const { operands, flags, environment } = call;
  if (operands.length > 1) throw new Error("accepts at most one database.");
  const dsn = operands[0] ?? (flags["read-from-env"] ? environment.DSN : (environment.DSN ?? dsnOfFiles(call)));
  if (!dsn)
    throw new Error("needs a database: as an argument, from a file given with -c, or with -e from the variable DSN.");
  if (dsn === "memory") throw new Error("cannot use the database `memory`: only the server that runs on it can.");
  return dsn;
}

const dsnOfFiles = (call: CommandCall): string | undefined =>
  readPart<{ dsn?: string }>({ dsn: text("The database.") }, { files: configFiles(call), environment: {}, flags: {} })
    .dsn;
