import type { TestContext } from "node:test";
import { startApp } from "../../src/app.ts";
import type { App } from "../../src/app.ts";
import type { Config } from "../../src/config/config.ts";
import { fixedConfig } from "../../src/config/watch.ts";
import type { ConfigStore } from "../../src/config/watch.ts";
import type { Strategies } from "../../src/flow/strategy.ts";
import type { Log } from "../../src/log.ts";
import { silentLog } from "./log.ts";
import { configOf } from "./config.ts";
import type { ConfigTree } from "./config.ts";
import { Client } from "./client.ts";
import { watchTenants } from "./tenancy.ts";
import type { Json, RequestOptions } from "./client.ts";

/** A server of a test's own, with a clock that the test moves. */
export interface TestServer {
  readonly app: App;
  readonly publicUrl: string;
  readonly adminUrl: string;
  /** A client that keeps no cookies, on the public port. */
  readonly native: Client;
  /** A single-page app: JSON and cookies. */
  spa(): Client;
  /** A browser that navigates: forms, redirects and cookies. */
  browser(): Client;
  /** A client of the admin port. */
  readonly adminClient: Client;
  public(method: string, path: string, options?: RequestOptions): ReturnType<Client["send"]>;
  admin(method: string, path: string, options?: RequestOptions): ReturnType<Client["send"]>;
  /** Moves the clock. */
  advance(ms: number): void;
  /** What the clock says. */
  now(): Date;
  /** Makes an account with a password, by the admin API. */
  createPerson(person: { email: string; password: string; schemaId?: string }): Promise<Json>;
}

/** What a test wants of its server. */
export interface TestServerOptions {
  /** A database that exists, as it is; a private one in memory unless said otherwise. */
  readonly dsn?: string;
  /** Who hears of events; nobody unless said otherwise. */
  readonly log?: Log;
  /** What differs from the configuration of `config.ts`. */
  readonly config?: ConfigTree;
  /** Variables of the environment that it is started in. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The methods, in the place of those that are built. */
  readonly strategies?: Strategies;
  /** Which servers stand in for those whose addresses are fixed. */
  readonly rewriteUrl?: (url: string) => string;
  /** What keeps the configuration; it stays as it is unless said otherwise. */
  readonly store?: (start: Config) => ConfigStore;
}

/** Starts a whole server that closes when the test ends. */
export async function startServer(t: TestContext, options: TestServerOptions = {}): Promise<TestServer> {
  const config = configOf({ ...options.config, dsn: options.dsn ?? "memory" }, options.environment);
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const fetch: typeof globalThis.fetch = () => Promise.reject(new Error("a test calls nobody"));
  const app = await startApp((options.store ?? fixedConfig)(config), options.log ?? silentLog, {
    now,
    fetch,
    ...(options.strategies && { strategies: options.strategies }),
    ...(options.rewriteUrl && { rewriteUrl: options.rewriteUrl }),
  });
  watchTenants(t);
  t.after(() => app.close());
  const { public: publicUrl, admin: adminUrl } = app.addresses;
  const native = new Client(publicUrl);
  const adminClient = new Client(adminUrl);
  return {
    app,
    publicUrl,
    adminUrl,
    native,
    adminClient,
    spa: () => new Client(publicUrl, "spa"),
    browser: () => new Client(publicUrl, "html"),
    public: (method, path, requested) => native.send(method, path, requested),
    admin: (method, path, requested) => adminClient.send(method, path, requested),
    advance: (ms) => void (ahead += ms),
    now,
    async createPerson({ email, password, schemaId = "person" }) {
      const { status, body } = await adminClient.post("/admin/identities", {
        schema_id: schemaId,
        traits: { email },
        credentials: { password: { config: { password } } },
      });
      if (status !== 201) throw new Error(`the account was not made: ${JSON.stringify(body)}`);
      return body;
    },
  };
}
