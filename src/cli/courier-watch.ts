import { createServer } from "node:http";
import type { Server } from "node:http";
import { startTelemetry } from "../app/telemetry.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Log } from "../log.ts";
import { listenAt } from "../server/listen.ts";
import type { Command } from "./command.ts";
import { configOption } from "./config-files.ts";
import { runUntilStopped } from "./start-up.ts";
import type { Running } from "./start-up.ts";
import { wholeNumber } from "./values.ts";

/** `ostiary courier watch` */
export const courierWatchCommand: Command = {
  name: "courier watch",
  summary: "Sends the messages in the outbox. Any number of workers can run.",
  options: [
    configOption,
    {
      name: "expose-metrics-port",
      value: "port",
      summary: "Serves /metrics/prometheus on this port. 0 disables it.",
      read: wholeNumber(0, 65_535),
    },
  ],
  async run(call) {
    const { "expose-metrics-port": port } = call.flags;
    return runUntilStopped(call, port === undefined ? {} : { "expose-metrics-port": port }, watch);
  },
};

async function watch(store: ConfigStore, log: Log): Promise<Running> {
  const config = store.current();
  if (config.dsn === "memory")
    throw new Error("The database `memory` cannot be shared. Start the server with --watch-courier instead.");
  const [{ openDatabase }, { followHealth }, { entities }, { startWorker }, { createMetrics }, { openDirectory }] =
    await Promise.all([
      import("../db/database.ts"),
      import("../db/follow-health.ts"),
      import("../orm.ts"),
      import("../courier/worker.ts"),
      import("../server/metrics.ts"),
      import("../tenant/directory.ts"),
    ]);
  const metrics = createMetrics();
  const port = config["expose-metrics-port"];
  const server = port > 0 ? await exposeMetrics(port, metrics.text) : undefined;
  const db = await openDatabase(config.dsn, entities, { log }).catch((error: unknown) => {
    server?.close();
    throw error;
  });
  const telemetry = await startTelemetry(config, log);
  telemetry.sendMetrics(metrics);
  const unfollow = followHealth({ db, log });
  const directory = openDirectory(db, store, log);
  const worker = startWorker({
    store,
    db,
    log,
    configOf: directory.configOf,
    observe: metrics.observeMail,
    tracer: telemetry.tracer,
  });
  return {
    event: "sending",
    told: server ? { metrics: port } : {},
    async close() {
      server?.close();
      server?.closeAllConnections();
      await worker.stop();
      await telemetry.stop();
      directory.close();
      unfollow();
      await db.close();
    },
  };
}

async function exposeMetrics(port: number, text: () => Promise<string>): Promise<Server> {
  const server = createServer(async (req, res) => {
    const known = req.method === "GET" && req.url === "/metrics/prometheus";
    res.writeHead(known ? 200 : 404, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
    res.end(known ? await text() : "Not Found\n");
  });
  await listenAt(server, { port }, "expose-metrics-port");
  return server;
}
