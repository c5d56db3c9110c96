import { misuse, type CommandCall, type Option } from "./command.ts";
import { configFiles, configOption } from "./config-files.ts";

/** The flag by which a command that speaks to a server uses a database in its place. */
export const localOption: Option = {
  ...configOption,
  summary: "A configuration file, whose database is used in place of a server.",
};

/** Whether a command uses the database of a configuration in place of a server. */
export function isLocal(call: CommandCall): boolean {
  if (configFiles(call).length === 0) return false;
  if (call.flags.endpoint !== undefined) throw misuse("takes either --endpoint or -c.");
  return true;
}
