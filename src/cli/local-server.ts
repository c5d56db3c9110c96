import { randomBytes } from "node:crypto";
import type { Config } from "../config/config.ts";
import { readConfig } from "../config/load.ts";
import { fixedConfig } from "../config/watch.ts";
import { inTransaction, type Context } from "../context.ts";
import { loggerOf } from "./start-up.ts";
import type { CommandCall } from "./command.ts";
import { configFiles } from "./config-files.ts";

/** Does work on the database of a configuration, without a server and as the system itself: for the tenant that --tenant names. */
export async function onDatabase<T>(call: CommandCall, work: (ctx: Context) => Promise<T>): Promise<T> {
  const config = configOf(call);
  if (config.dsn === "memory")
    throw new Error("cannot use the database `memory`: only the server that runs on it can.");
  const [{ openDatabase }, { openDirectory }, { entities }] = await Promise.all([
    import("../db/database.ts"),
    import("../tenant/directory.ts"),
    import("../orm.ts"),
  ]);
  const log = loggerOf(config);
  const db = await openDatabase(config.dsn, entities, { log });
  const directory = openDirectory(db, fixedConfig(config), log);
  try {
    const named =
      call.flags.tenant === undefined ? directory.default : await directory.byName(String(call.flags.tenant));
    if (!named) throw new Error("The tenant does not exist.");
    return await work({
      tenant: { id: named.id },
      db,
      config: named.config(),
      log,
      now: () => new Date(),
      fetch: globalThis.fetch,
      call: {
        protocol: "rest",
        tenant: named,
        headers: new Headers(),
        method: "POST",
        url: config.serve.public.base_url,
        address: config.serve.public.base_url,
        peer: "",
        isNavigation: false,
        isPrefetch: false,
        texts: [],
        reply: { headers: new Headers() },
      },
      tx: inTransaction,
    });
  } finally {
    directory.close();
    await db.close();
  }
}

function configOf(call: CommandCall): Config {
  const reading = readConfig({
    files: configFiles(call),
    environment: call.environment,
    flags: {},
    spareSecret: randomBytes(32).toString("hex"),
  });
  if (reading.kind === "refused") throw new Error(reading.faults.join("\n"));
  return reading.config;
}
