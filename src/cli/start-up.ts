import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Config } from "../config/config.ts";
import { readConfig, type Reading, type Sources } from "../config/load.ts";
import { pagelessFlows } from "../config/pageless.ts";
import { watchConfig, type ConfigNews, type ConfigStore } from "../config/watch.ts";
import { createLogger } from "../logger.ts";
import type { Log } from "../log.ts";
import { isProgrammingError, errorMessage } from "../text/error-message.ts";
import { serverVersion } from "../version.ts";
import type { CommandCall } from "./command.ts";
import { configFiles } from "./config-files.ts";
import { exampleSources } from "./example.ts";
import { captureConsole } from "./capture-console.ts";
import { untilStopped } from "./until-stopped.ts";

/** What runs until it is told to stop. */
export interface Running {
  /** What it does from now on, as the log says it. */
  readonly event: string;
  /** What else the log says of it. */
  readonly told: Readonly<Record<string, unknown>>;
  /** Rejects where it cannot go on. */
  readonly failed?: Promise<never>;
  close(): Promise<void>;
}

/** Reads the configuration, starts what runs by it, and ends when it is told to; answers with the exit code. */
export async function runUntilStopped(
  call: CommandCall,
  flags: Readonly<Record<string, unknown>>,
  start: (store: ConfigStore, log: Log) => Promise<Running>,
): Promise<number> {
  const named = {
    files: configFiles(call),
    environment: call.environment,
    flags,
    spareSecret: randomBytes(32).toString("hex"),
  };
  const said = readConfig(named);
  const sources = said.kind === "refused" && flags.dev && named.files.length === 0 ? exampleSources(named) : named;
  const reading = sources === named ? said : readConfig(sources);
  if (reading.kind === "refused") {
    for (const fault of reading.faults) call.err(fault);
    if (sources.files.length === 0)
      call.err("No configuration file given. Use -c <file>, or try the included example: ostiary serve --dev.");
    return 1;
  }
  const log = loggerOf(reading.config);
  const hushed = captureConsole(log);
  announce(reading, log);
  if (sources !== named) log.warn("no configuration file given, using the example", { files: sources.files });
  return run(reading.config, sources, log, start).finally(hushed);
}

/** The log as a configuration wants it. */
export function loggerOf({ log }: Config): Log {
  const { level, format, redaction_text: redaction, leak_sensitive_values: leakPeople } = log;
  return createLogger({ level, format, redaction, leakPeople });
}

/** Says why a server does not go on; an error of its own program with its stack. */
export const tellEnd = (log: Log, error: unknown): void =>
  log.error("the server failed", isProgrammingError(error) ? { error } : { reason: errorMessage(error) });

async function run(
  config: Config,
  sources: Sources,
  log: Log,
  start: (store: ConfigStore, log: Log) => Promise<Running>,
): Promise<number> {
  const store = watchConfig(config, sources, (news) => tellNews(news, log));
  try {
    const running = await start(store, log);
    log.info(running.event, running.told);
    const signal = await Promise.race([untilStopped(), ...(running.failed ? [running.failed] : [])]);
    log.info("stopping", { signal });
    await running.close();
    log.info("stopped");
    return 0;
  } catch (error) {
    tellEnd(log, error);
    return 1;
  } finally {
    store.close();
  }
}

function announce({ config, later, deprecated, insecure, warnings }: Reading & { kind: "read" }, log: Log): void {
  const version = serverVersion();
  log.info("starting", { version, node: process.versions.node, database: databaseKind(config.dsn) });
  for (const sentence of insecure) log.warn("insecure", { reason: sentence });
  for (const sentence of warnings) log.warn("the configuration is probably not what you want", { reason: sentence });
  if (later.length) log.warn("these keys have no effect yet", { keys: later });
  if (deprecated.length) log.warn("these keys are deprecated", { keys: deprecated });
  const pageless = pagelessFlows(config);
  if (pageless.length)
    log.warn("browsers are redirected to pages that are not configured", {
      keys: pageless,
    });
  if (Number(process.env.UV_THREADPOOL_SIZE ?? 4) < availableParallelism() + 4)
    log.warn("UV_THREADPOOL_SIZE is small: password hashing may delay other requests", {
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
    log.error("the changed configuration is invalid, keeping the previous one", { faults: news.faults });
  else if (news.kind === "restart-needed") log.warn("changed keys take effect after a restart", { keys: news.keys });
  else
    log.info("configuration reloaded", {
      insecure: news.reading.insecure,
      warnings: news.reading.warnings,
    });
}
