import { readPart } from "../config/part.ts";
import { text } from "../config/setting.ts";
import { misuse, type CommandCall, type Operand, type Option } from "./command.ts";
import { configFiles, configOption } from "./config-files.ts";

const fromEnvironment: Option = {
  name: "read-from-env",
  short: "e",
  summary: "Takes the database from the variable DSN, or from the files: no argument names it.",
};

/** The operand that says which database a command is about. */
export const databaseOperand: Operand = {
  name: "[database]",
  summary: "Its DSN. Default: the variable DSN, or dsn in the files.",
};

/** The flags that say which database a command is about. */
export const databaseOptions: readonly Option[] = [configOption, fromEnvironment];

/** The database that a command is about: its operand, else the variable DSN, else what the files name. */
export function databaseOf(call: CommandCall): string {
  const { operands, flags, environment } = call;
  if (flags["read-from-env"] && operands.length > 0) throw misuse("takes either an argument or -e.");
  const dsn = operands[0] ?? environment.DSN ?? dsnOfFiles(call);
  if (!dsn) throw misuse("needs a database: as an argument, from the variable DSN, or from a file given with -c.");
  if (dsn === "memory") throw misuse("cannot use the database `memory`: only the server that runs on it can.");
  return dsn;
}

const dsnOfFiles = (call: CommandCall): string | undefined =>
  readPart<{ dsn?: string }>({ dsn: text("The database.") }, { files: configFiles(call), environment: {}, flags: {} })
    .dsn;
