import { enableCompileCache } from "node:module";
import { runCommand } from "./cli/run-command.ts";

enableCompileCache();
// Whoever reads by `| head` has seen enough: that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await runCommand(process.argv.slice(2));
