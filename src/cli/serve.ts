import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Config } from "../config/config.ts";
import { readConfig, type Reading, type Sources } from "../config/load.ts";
import { watchConfig, type ConfigNews } from "../config/watch.ts";
import { createLogger } from "../logger.ts";
import type { Log } from "../log.ts";
import type { Command, CommandCall } from "./command.ts";
import { configFiles, configOption } from "./config-files.ts";
import { untilStopped } from "./until-stopped.ts";
import { serverVersion } from "../version.ts";

/** `ostiary serve` */
export const serveCommand: Command = {
  name: "serve",
  summary: "Serves the public and the admin API.",
  options: [
    configOption,
    { name: "dev", type: "boolean", summary: "Development mode: no TLS needed, a missing secret is made up." },
    { name: "watch-courier", type: "boolean", summary: "Delivers messages from this process." },
    { name: "sqa-opt-out", type: "boolean", summary: "Accepted for compatibility: nothing is ever reported." },
  ],
  async run(call) {
    const sources = sourcesOf(call);
    const reading = readConfig(sources);
    if (reading.kind === "refused") {
      for (const fault of reading.faults) call.err(fault);
      if (sources.files.length === 0) call.err("No configuration file is named: add -c <file>.");
      return 1;
    }
    const { config } = reading;
    const log = createLogger({
      level: config.log.level,
      format: config.log.format,
      redaction: config.log.redaction_text,
    });
    announce(reading, log);
    return serve(config, sources, log);
  },
};

async function serve(config: Config, sources: Sources, log: Log): Promise<number> {
  const store = watchConfig(config, sources, (news) => tellNews(news, log));
  try {
    const { startApp } = await import("../app.ts");
    const app = await startApp(store, log);
    log.info("listening", { addresses: app.addresses });
    const signal = await untilStopped();
    log.info("stopping", { signal });
    await app.close();
    log.info("stopped");
    return 0;
  } catch (error) {
    log.error("the server could not go on", { error });
    return 1;
  } finally {
    store.close();
  }
}

const flagNames = ["dev", "watch-courier", "sqa-opt-out"];

function sourcesOf(call: CommandCall): Sources {
  const flags = Object.fromEntries(Object.entries(call.flags).filter(([name]) => flagNames.includes(name)));
  const spareSecret = randomBytes(32).toString("hex");
  return { files: configFiles(call), environment: call.environment, flags, spareSecret };
}

function announce({ config, later, deprecated, insecure }: Reading & { kind: "read" }, log: Log): void {
  const version = serverVersion();
  log.info("starting", { version, node: process.versions.node, database: databaseKind(config.dsn) });
  for (const sentence of insecure) log.warn("insecure", { reason: sentence });
  if (later.length) log.warn("configured, but not yet in effect", { keys: later });
  if (deprecated.length) log.warn("configured, but deprecated", { keys: deprecated });
  if (Number(process.env.UV_THREADPOOL_SIZE ?? 4) < availableParallelism() + 4)
    log.warn("UV_THREADPOOL_SIZE is small: password hashes may delay everything else", {
      recommended: availableParallelism() + 4,
    });
}

/** The engine and the host, never the password. */
function databaseKind(dsn: string): string {
  const [scheme, rest = ""] = dsn.split("://");
  if (scheme === "memory" || scheme === "sqlite" || scheme === "sqlite3") return "sqlite";
  const host = /^(?:[^@]*@)?(?:tcp\()?([^/?)]*)/.exec(rest)?.[1];
  return host ? `${scheme} at ${host}` : scheme!;
}

function tellNews(news: ConfigNews, log: Log): void {
  if (news.kind === "refused")
    log.error("the changed configuration is refused, the last good one stays", { faults: news.faults });
  else if (news.kind === "restart-needed")
    log.warn("changed keys take effect after a restart", { keys: news.keys });
  else log.info("the changed configuration is in effect", { insecure: news.reading.insecure });
}
