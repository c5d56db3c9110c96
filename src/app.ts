import type { DescService } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { courierService } from "./api/admin/courier-service.ts";
import { identityService } from "./api/admin/identity-service.ts";
import { metadataService } from "./api/admin/metadata-service.ts";
import { recoveryService as adminRecoveryService } from "./api/admin/recovery-service.ts";
import { sessionService as adminSessionService } from "./api/admin/session-service.ts";
import { flowErrorService } from "./api/public/flow-error-service.ts";
import { loginService } from "./api/public/login-service.ts";
import { logoutService } from "./api/public/logout-service.ts";
import { recoveryService } from "./api/public/recovery-service.ts";
import { registrationService } from "./api/public/registration-service.ts";
import { schemaService } from "./api/public/schema-service.ts";
import { sessionService } from "./api/public/session-service.ts";
import { settingsService } from "./api/public/settings-service.ts";
import { presentOccasion } from "./api/present-occasion.ts";
import { unbuiltAdminServices, unbuiltPublicServices } from "./api/unbuilt.ts";
import { verificationService } from "./api/public/verification-service.ts";
import { wellKnownService } from "./api/public/well-known-service.ts";
import { startCleaner } from "./cleanup/cleaner.ts";
import type { Config } from "./config/config.ts";
import { configFor } from "./config/own-address.ts";
import { revisionOf } from "./config/revision.ts";
import type { ConfigStore } from "./config/watch.ts";
import type { Call, Context } from "./context.ts";
import { faultsOfTemplates } from "./courier/own-templates.ts";
import { startWorker } from "./courier/worker.ts";
import { setClock } from "./db/columns.ts";
import { openDatabase } from "./db/database.ts";
import type { Database } from "./db/database.ts";
import { followHealth } from "./db/follow-health.ts";
import { readinessOf } from "./db/health.ts";
import { migrateUp } from "./db/migrate.ts";
import { ErrorReason, problem } from "./errors.ts";
import { loginEngine } from "./flows/login.ts";
import { recoveryEngine } from "./flows/recovery.ts";
import { registrationEngine } from "./flows/registration.ts";
import { settingsEngine } from "./flows/settings.ts";
import { reactionsOf } from "./flow/reactions.ts";
import { hooksOf } from "./hooks/index.ts";
import { faultsOfPrograms } from "./hooks/programs.ts";
import { verificationEngine } from "./flows/verification.ts";
import { Health } from "#gen/grpc/health/v1/health_pb.js";
import type { Log } from "./log.ts";
import { entities } from "./orm.ts";
import { createRestGateway } from "./rest/gateway.ts";
import { openApiOf } from "./rest/openapi.ts";
import { isOfWeb } from "./schema/bundle.ts";
import { faultsOfSchemas } from "./schema/schemas.ts";
import type { SchemaFault } from "./schema/schemas.ts";
import { createConnectHandler } from "./server/connect.ts";
import { createDispatcher } from "./server/dispatch.ts";
import type { Service } from "./server/dispatch.ts";
import { serveHealth } from "./server/health.ts";
import { forged } from "./server/forged.ts";
import { dropUnread, isGone } from "./server/http.ts";
import type { HttpRequest } from "./server/http.ts";
import { createListener } from "./server/listener.ts";
import type { Listener } from "./server/listener.ts";
import { largestMessageOf } from "./server/message-size.ts";
import { createMetrics } from "./server/metrics.ts";
import type { Metrics } from "./server/metrics.ts";
import { createPlainRoutes } from "./server/plain.ts";
import { createPort } from "./server/port.ts";
import { publicAddress } from "./server/public-address.ts";
import { otherPort } from "./server/redirects.ts";
import { serveReflection } from "./server/reflection.ts";
import { readTls } from "./server/tls-pair.ts";
import { followTls } from "./server/tls-renewal.ts";
import { strategies } from "./strategies/index.ts";
import { serverVersion } from "./version.ts";

/** A server that runs. */
export interface App {
  /** Where it listens: URLs, or paths of sockets. */
  readonly addresses: { readonly public: string; readonly admin: string };
  readonly db: Database;
  /** Ends; without `serve.shutdown.lame_duck` where nobody has to notice. */
  close(lameDuckMs?: number): Promise<void>;
}

/** What a test sets and production leaves alone. */
export interface AppOptions {
  readonly now?: () => Date;
  readonly fetch?: typeof globalThis.fetch;
}

const largestBody = 5 * 1024 * 1024;

/** Starts a server: opens the database, puts the services together and listens on both ports. */
export async function startApp(store: ConfigStore, log: Log, options: AppOptions = {}): Promise<App> {
  const db = await openDatabase(store.current().dsn, entities, { log });
  const ports: Listener[] = [];
  const workers: { stop(): Promise<void> }[] = [];
  let unfollow: (() => void) | undefined;
  const leaving = new AbortController();
  const close = async (graceMs?: number, lameDuckMs?: number) => {
    leaving.abort();
    await Promise.all(ports.map((port) => port.close(graceMs, lameDuckMs)));
    await Promise.all(workers.map((worker) => worker.stop()));
    unfollow?.();
    await db.close();
  };
  try {
    // The embedded database has nobody else to look after it.
    if (db.dialect === "sqlite") await migrateUp(db);
    else unfollow = followHealth({ db, log });
    const metrics = createMetrics();
    let started = false;
    const databaseIsReady = readinessOf(db);
    const readiness = async () => (leaving.signal.aborted ? goingAway : started ? databaseIsReady() : underWay);
    const parts = { store, log, db, metrics, ready: readiness, leaving: leaving.signal, createContext: contextFactory(store, log, db, options) };
    for (const name of ["public", "admin"] as const) ports.push(openPort(name, servicesOf[name](), parts));
    // Whoever can reach a port takes the server for one that will stay.
    await checkFiles(store, log);
    const [publicAddress, adminAddress] = await Promise.all(ports.map((port) => port.listen()));
    started = true;
    const clock = options.now && { now: options.now };
    if (store.current()["watch-courier"]) workers.push(startWorker({ store, db, log, observe: metrics.observeMail, ...clock }));
    workers.push(startCleaner({ store, db, log, ...clock }));
    return { addresses: { public: publicAddress!, admin: adminAddress! }, db, close: (lameDuckMs) => close(store.current().serve.shutdown.timeout, lameDuckMs) };
  } catch (error) {
    await close(0);
    throw error;
  }
}

/** One port may be there before the other, which may not come to be. */
const underWay = { start: "The start is under way." };
const goingAway = { shutdown: "The server is shutting down." };

const reactions = reactionsOf(hooksOf(presentOccasion));
const settings = settingsEngine(strategies, reactions);

/**
 * Nobody can do anything by a schema that cannot be used: a change that names one does not take effect. A start without its
 * schemas ends, but does not wait for those of other servers, which may be up again soon.
 */
async function checkFiles(store: ConfigStore, log: Log): Promise<void> {
  const config = store.current();
  const faults = await faultsOfSchemas({ config, log }, (url) => !isOfWeb(url));
  const lasting = faults.filter(({ passing }) => !passing);
  if (lasting.length) throw new Error(lasting.map(({ sentence }) => sentence).join("\n"));
  const tell = (missing: readonly SchemaFault[]) => {
    for (const { sentence } of missing) log.error("an identity schema is missing, and tried again whenever it is needed", { reason: sentence });
  };
  tell(faults);
  void faultsOfSchemas({ config, log }, isOfWeb).then(tell);
  await tellFaults(config, log);
  store.vet(async (next) => (await faultsOfSchemas({ config: next, log })).map(({ sentence }) => sentence));
  store.onChange((next) => void tellFaults(next, log));
}

/**
 * Nobody should learn from a person's missing code that a template is broken, or a program that writes the body of a call.
 * But neither is a reason to go on by yesterday's configuration: in the place of a template the built-in text goes out.
 */
async function tellFaults(config: Config, log: Log): Promise<void> {
  const faults = await Promise.all([faultsOfTemplates({ config, log }), faultsOfPrograms(config)]);
  for (const reason of faults.flat()) log.error("a template or a program cannot be used", { reason });
}

const publicServices = (): Service[] => [
  loginService(loginEngine(strategies, reactions)),
  registrationService(registrationEngine(strategies, reactions)),
  settingsService(settings),
  recoveryService(recoveryEngine(strategies, settings, reactions)),
  verificationService(verificationEngine(strategies, reactions)),
  logoutService,
  sessionService,
  schemaService,
  flowErrorService,
  wellKnownService,
  ...unbuiltPublicServices,
];

const adminServices = (): Service[] => [identityService, adminSessionService, adminRecoveryService, courierService, metadataService, ...unbuiltAdminServices];

/** What each port serves. */
export const servicesOf = { public: publicServices, admin: adminServices } as const;

interface Parts {
  readonly store: ConfigStore;
  readonly log: Log;
  readonly db: Database;
  readonly metrics: Metrics;
  /** What keeps this server from serving. */
  ready(): Promise<Readonly<Record<string, string>>>;
  /** Aborted as soon as the server is about to go. */
  readonly leaving: AbortSignal;
  createContext(call: Call, port: "public" | "admin"): Context;
}

/** What differs from call to call. The configuration stays the same from its first line to its last. */
function contextFactory(store: ConfigStore, log: Log, db: Database, options: AppOptions) {
  const now = options.now ?? (() => new Date());
  return (call: Call, port: "public" | "admin"): Context => {
    const config = store.current();
    let em: Context["em"] | undefined;
    return {
      get em() {
        if (!em) {
          em = db.orm.em.fork() as Context["em"];
          setClock(em, now);
        }
        return em;
      },
      db,
      // Links that an administrator has made are for others.
      config: port === "public" ? configFor(config, call) : config,
      log,
      now,
      fetch: options.fetch ?? globalThis.fetch,
      call,
    };
  };
}

function openPort(name: "public" | "admin", services: Service[], parts: Parts): Listener {
  const { store, log, metrics, ready, leaving, createContext } = parts;
  const admin = name === "admin";
  const mostPublic = store.current().serve.public.max_body_bytes;
  const baseUrl = (req: HttpRequest) => publicAddress(req, store.current().serve[name], store.current().serve.trusted_proxies);
  const dispatcher = createDispatcher({ services, log, createContext: (call) => createContext(call, name), observe: metrics.observe });
  const descs: DescService[] = services.map(({ desc }) => desc);
  const rest = createRestGateway({
    services: descs,
    dispatch: (method, request, call) => dispatcher.dispatch(method, request, call),
    known: dispatcher.known,
    baseUrl,
    maxBodyBytes: (method) => (admin ? Math.max(largestBody, largestMessageOf(method)) : mostPublic),
    dropUnread,
    isGone,
    badRequest,
    ...(admin ? { prefix: "/admin" } : { refuseUnknown: forged }),
  });
  const extra = (router: ConnectRouter) => {
    serveReflection(router, [...descs, Health].map(({ file }) => file));
    const names = descs.map(({ typeName }) => typeName);
    serveHealth(router, names, { leaving, ready: async () => Object.keys(await ready()).length === 0 });
  };
  const plain = createPlainRoutes({
    admin,
    ready,
    version: serverVersion(),
    revision: () => revisionOf(store.current()),
    metrics: metrics.text,
    openApi: () => Buffer.from(JSON.stringify(openApiOf(descs, describePort(admin)))),
  });
  const config = store.current().serve[name];
  const handle = createPort({
    name,
    log,
    connect: createConnectHandler({ dispatcher, baseUrl, extra, ...(!admin && { largestMessage: () => mostPublic }) }),
    rest,
    plain,
    elsewhere: (path) => otherPort(name, path, store.current().serve),
    silentAboutHealth: config.request_log.disable_for_health,
    ...(!admin && { vary: "Cookie", cors: () => store.current().serve.public.cors }),
  });
  const tls = config.tls && readTls(config.tls);
  const listener = createListener(
    {
      setting: `serve.${name}`,
      host: config.host,
      port: config.port,
      socket: config.socket,
      requestTimeoutMs: admin ? 30_000 : 15_000,
      idleTimeoutMs: admin ? 600_000 : 120_000,
      ...(tls && { tls }),
    },
    handle,
  );
  const unfollow = tls && followTls({ port: name, store, log, shown: tls, renew: listener.renewTls });
  return {
    ...listener,
    close(...times) {
      unfollow?.();
      return listener.close(...times);
    },
  };
}

const describePort = (admin: boolean) => ({
  title: `Ostiary, ${admin ? "admin" : "public"} API`,
  version: serverVersion(),
  ...(!admin && {
    headers: {
      "X-Session-Token": "The token of a native client's session.",
      Cookie: "The cookies of a browser, which carry its session.",
    },
  }),
});

const badRequest = (text: string, kind: "malformed" | "unsupported" | "too-large", strict: boolean) =>
  problem(
    kind === "too-large" ? ErrorReason.PAYLOAD_TOO_LARGE : ErrorReason.BAD_REQUEST,
    strict ? { message: text } : { reason: text },
  );
