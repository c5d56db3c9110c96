import { globSync } from "node:fs";
import { join } from "node:path";

/**
 * Imports every file of tests in a folder, so that one process runs them all. A process for each file spent half of the suite's
 * time on loading the same server, and on making databases of its own.
 */
export async function importTests(folder: string): Promise<void> {
  for (const file of globSync("**/*.test.ts", { cwd: folder }).sort()) await import(join(folder, file));
}
