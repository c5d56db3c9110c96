import { test } from "node:test";
import type { TestContext } from "node:test";
import { createMigrated, databases } from "./databases.ts";
import { startServer } from "./server.ts";
import type { TestServer, TestServerOptions } from "./server.ts";

/** Runs a test once per engine, each time on a server of its own. */
export function onEachDatabase(
  title: string,
  run: (server: TestServer, t: TestContext) => Promise<void>,
  options: TestServerOptions = {},
): void {
  for (const dialect of databases)
    test(`${title} (${dialect})`, async (t) => {
      if (dialect === "sqlite") return run(await startServer(t, options), t);
      const scratch = await createMigrated(dialect);
      // Hooks run in the order in which they were set: the server lets go before the database goes.
      const server = await startServer(t, { ...options, dsn: scratch.dsn });
      t.after(() => scratch.drop());
      await run(server, t);
    });
}

/** Runs a test once per engine, each time on two servers over one database: they may differ in what they are told. */
export function onTwoServers(
  title: string,
  run: (one: TestServer, other: TestServer, t: TestContext) => Promise<void>,
  options: TestServerOptions,
  differing: TestServerOptions = options,
): void {
  for (const dialect of databases)
    test(`${title} (${dialect})`, async (t) => {
      const { dsn, drop } = await createMigrated(dialect);
      const one = await startServer(t, { ...options, dsn });
      const other = await startServer(t, { ...differing, dsn });
      t.after(() => drop());
      await run(one, other, t);
    });
}
