import { test } from "node:test";
import type { TestContext } from "node:test";
import { createMigrated, databases } from "./databases.ts";
import { hydraConfig, startHydra } from "./hydra.ts";
import type { Hydra } from "./hydra.ts";
import { startServer } from "./server.ts";
import type { TestServer, TestServerOptions } from "./server.ts";

/** Runs a test once per engine, each time with a server and a stand-in of its own. */
export function withHydra(
  title: string,
  run: (server: TestServer, hydra: Hydra, t: TestContext) => Promise<void>,
  { config, ...options }: TestServerOptions = {},
): void {
  for (const dialect of databases)
    test(`${title} (${dialect})`, async (t) => {
      const scratch = dialect === "sqlite" ? undefined : await createMigrated(dialect);
      const hydra = await startHydra(t);
      const dsn = scratch && { dsn: scratch.dsn };
      const server = await startServer(t, { ...options, ...dsn, config: hydraConfig(hydra, config) });
      if (scratch) t.after(() => scratch.drop());
      await run(server, hydra, t);
    });
}
