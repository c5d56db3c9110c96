import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Config } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/load.ts";

/** The least that a configuration needs. */
export const least = `dsn: memory
identity:
  schemas: [{ id: default, url: "file://./person.schema.json" }]
selfservice:
  default_browser_return_url: /home
secrets:
  cookie: [a-secret-of-many-letters]
`;

/** Writes files into a folder of this test's own and answers with their paths. */
export function write(t: TestContext, ...contents: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-config-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return contents.map((content, at) => {
    const file = join(folder, `ostiary-${at}.yml`);
    writeFileSync(file, content);
    return file;
  });
}

/** The secret that development mode falls back to, in these tests. */
export const spareSecret = "spare-secret-of-this-test";

/** Reads files that are expected to be good. */
export function readGood(files: string[], environment: NodeJS.ProcessEnv = {}, flags = {}): Config {
  const reading = readConfig({ files, environment, flags, spareSecret });
  if (reading.kind === "refused") throw new Error(reading.faults.join("\n"));
  return reading.config;
}

/** Reads files that are expected to be refused, and answers with why; without the folder's name. */
export function readBad(files: string[], environment: NodeJS.ProcessEnv = {}, flags = {}): string[] {
  const reading = readConfig({ files, environment, flags, spareSecret });
  if (reading.kind === "read") throw new Error("was not refused");
  return reading.faults.map((fault) => fault.replace(/^\/.*\/(?=ostiary-\d)/, ""));
}
