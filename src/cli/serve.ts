import type { App } from "../app.ts";
import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import type { Log } from "../log.ts";
import { isLeader, workerCount } from "../peers.ts";
import { defaultTenant } from "../tenant.ts";
import type { Command, CommandCall } from "./command.ts";
import { configOption } from "./config-files.ts";
import { countWorkers } from "./count-workers.ts";
import { runUntilStopped, type Running } from "./start-up.ts";

const flagNames = ["dev", "watch-courier", "sqa-opt-out"];

// Who develops starts it again at once, on the same port.
const mostInDevelopmentMs = 250;

const lameDuckOf = ({ dev, serve }: Config): number =>
  dev ? Math.min(serve.shutdown.lame_duck, mostInDevelopmentMs) : serve.shutdown.lame_duck;

/** `ostiary serve` */
export const serveCommand: Command = {
  name: "serve",
  aliases: ["serve all"],
  summary: "Serves the public and the admin API.",
  options: [
    configOption,
    {
      name: "dev",
      summary:
        "Development mode: TLS is optional, missing secrets are generated, messages are in an inbox (/ui/inbox).",
    },
    {
      name: "watch-courier",
      summary: "Delivers messages from this process, as --dev does by itself.",
    },
    {
      name: "workers",
      value: "number",
      summary: "How many processes serve: a number, or auto for one per core, 8 at most. Else serve.workers.",
    },
    { name: "sqa-opt-out", summary: "Accepted for compatibility. No telemetry is ever sent." },
  ],
  async run(call) {
    if (workerCount > 1) {
      const { serveAsWorker } = await import("./serve-worker.ts");
      return serveAsWorker(serve, lameDuckOf);
    }
    return runUntilStopped(call, flagsOf(call), (store, log) => {
      const count = countWorkers(store.current());
      return count === 1 ? serveAlone(store, log) : superviseWorkers(store, log, count);
    });
  },
};

function flagsOf({ flags }: CommandCall): Readonly<Record<string, unknown>> {
  const named = Object.fromEntries(Object.entries(flags).filter(([name]) => flagNames.includes(name)));
  // Who tries it out has nobody else who delivers, and needs no mail server: what has no way out is in the inbox.
  const plain = { ...(named["dev"] === true && { "watch-courier": true }), ...named };
  const { workers } = flags;
  if (workers === undefined) return plain;
  return { ...plain, serve: { workers: /^\d+$/.test(String(workers)) ? Number(workers) : workers } };
}

/** Where a newcomer looks next: said to those who develop. */
const pagesOf = ({ dev, serve: { public: open, admin }, courier }: Config) =>
  dev
    ? {
        pages: open.base_url,
        ...(courier.inbox && { inbox: new URL("ui/inbox", open.base_url).href }),
        console: new URL("console", admin.base_url).href,
      }
    : {};

async function serve(store: ConfigStore, log: Log): Promise<App> {
  const { startApp } = await import("../app.ts");
  const { logUnreachable } = await import("../provider/log-unreachable.ts");
  const app = await startApp(store, log);
  const tell = (config: Config) => void (isLeader() && logUnreachable({ config, now: () => new Date() }, log));
  tell(store.current());
  store.onChange(tell);
  if (isLeader() && store.current().dev) await tellOfFirstOwner(app, store.current(), log);
  return app;
}

/** Of no use where somebody administers already, or once somebody has used it. */
async function tellOfFirstOwner({ db }: App, config: Config, log: Log): Promise<void> {
  const [{ hasAdministrators }, { newClaim }] = await Promise.all([
    import("../access/administrators.ts"),
    import("../access/claim.ts"),
  ]);
  if (await hasAdministrators({ db, tenant: defaultTenant }).catch(() => true)) return;
  const link = new URL("admin/console/sign-in", config.serve.admin.base_url);
  link.searchParams.set("claim", newClaim({ config, now: () => new Date() }));
  log.info("nobody administers yet: whoever opens this link first, and signs in or up, becomes the owner", {
    link: link.href,
  });
}

async function serveAlone(store: ConfigStore, log: Log): Promise<Running> {
  const app = await serve(store, log);
  return {
    event: "listening",
    told: { addresses: app.addresses, ...pagesOf(store.current()) },
    close: () => app.close(lameDuckOf(store.current())),
  };
}

async function superviseWorkers(store: ConfigStore, log: Log, count: number): Promise<Running> {
  const { supervise } = await import("../workers/supervisor.ts");
  const { addresses, pids, ...supervisor } = await supervise({ store, log, count });
  return { event: "listening", told: { addresses, workers: pids, ...pagesOf(store.current()) }, ...supervisor };
}
