import { globSync } from "node:fs";

// One process runs them all: a process for each file would take longer to start than its tests take.
for (const file of globSync("**/*.test.ts", { cwd: import.meta.dirname }).sort()) await import(`./${file}`);
