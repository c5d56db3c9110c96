import { EventEmitter, once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Log } from "../../src/log.ts";
import { watchConfig } from "../../src/config/watch.ts";
import type { ConfigNews } from "../../src/config/watch.ts";
import { wholeTree } from "./config.ts";
import type { ConfigTree } from "./config.ts";
import { startServer } from "./server.ts";
import type { TestServer } from "./server.ts";

/** A server whose configuration is a file. */
export interface ReloadingServer extends TestServer {
  /** Where the test may put files. */
  readonly folder: string;
  /** Writes another file in its place and waits for what becomes of it: the faults, where it was refused. */
  reload(changes: ConfigTree): Promise<readonly string[]>;
}

/** Starts a server that watches its configuration. */
export async function startReloading(t: TestContext, config: ConfigTree = {}, log?: Log): Promise<ReloadingServer> {
  const folder = mkdtempSync(join(tmpdir(), "ostiary-reload-"));
  const file = join(folder, "kratos.yml");
  const news = new EventEmitter();
  const sources = { files: [file], environment: {}, flags: {}, spareSecret: "unused-spare-secret-of-tests" };
  const put = (changes: ConfigTree) => {
    writeFileSync(`${file}.new`, JSON.stringify(wholeTree({ ...changes, dsn: "memory" })));
    renameSync(`${file}.new`, file);
  };
  put(config);
  const server = await startServer(t, {
    config,
    ...(log && { log }),
    store(start) {
      const store = watchConfig(
        start,
        sources,
        (told) => void (told.kind !== "restart-needed" && news.emit("told", told)),
      );
      t.after(() => {
        store.close();
        rmSync(folder, { recursive: true, force: true });
      });
      return store;
    },
  });
  return {
    ...server,
    folder,
    async reload(changes) {
      const told = once(news, "told", { signal: AbortSignal.timeout(10_000) }) as Promise<[ConfigNews]>;
      put(changes);
      const [outcome] = await told;
      return outcome.kind === "refused" ? outcome.faults : [];
    },
  };
}
