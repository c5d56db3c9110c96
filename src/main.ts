import { enableCompileCache } from "node:module";
import { runCommand } from "./cli/run-command.ts";

enableCompileCache();
process.exitCode = await runCommand(process.argv.slice(2));
