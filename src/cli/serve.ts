import type { Config } from "../config/config.ts";
import type { Command } from "./command.ts";
import { configOption } from "./config-files.ts";
import { runUntilStopped } from "./start-up.ts";

const flagNames = ["dev", "watch-courier", "sqa-opt-out"];

// Who develops starts it again at once, on the same port.
const mostInDevelopmentMs = 250;

const lameDuckOf = ({ dev, serve }: Config): number =>
  dev ? Math.min(serve.shutdown.lame_duck, mostInDevelopmentMs) : serve.shutdown.lame_duck;

/** `ostiary serve` */
export const serveCommand: Command = {
  name: "serve",
  summary: "Serves the public and the admin API.",
  options: [
    configOption,
    { name: "dev", type: "boolean", summary: "Development mode: TLS is optional and missing secrets are generated." },
    { name: "watch-courier", type: "boolean", summary: "Delivers messages from this process." },
    { name: "sqa-opt-out", type: "boolean", summary: "Accepted for compatibility. No telemetry is ever sent." },
  ],
  run(call) {
    const flags = Object.fromEntries(Object.entries(call.flags).filter(([name]) => flagNames.includes(name)));
    return runUntilStopped(call, flags, async (store, log) => {
      const { startApp } = await import("../app.ts");
      const { logUnreachable } = await import("../provider/log-unreachable.ts");
      const app = await startApp(store, log);
      const tell = (config: Config) => void logUnreachable({ config, now: () => new Date() }, log);
      tell(store.current());
      store.onChange(tell);
      return {
        event: "listening",
        told: { addresses: app.addresses },
        close: () => app.close(lameDuckOf(store.current())),
      };
    });
  },
};
