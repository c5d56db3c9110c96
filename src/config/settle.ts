import { readBoolean } from "../text/boolean.ts";
import { settleArgon2 } from "./argon2-limits.ts";
import { carriedBy } from "./channel-rules.ts";
import type { DeveloperSwitches } from "./developer-switches.ts";
import type { Config, SecretsConfig, SessionConfig } from "./config.ts";
import type { MethodsConfig, WebauthnConfig } from "./methods-config.ts";
import type { Written } from "./schema.ts";
import { cookieDomain, cookiePath } from "./schema/formats.ts";
import type { FlowsConfig } from "./selfservice-config.ts";
import type { ListenerConfig, ServeConfig, TlsSource } from "./serve-config.ts";
import { isUnsafeWildcard } from "./wildcard.ts";

/** Turns the checked configuration into the one in effect: URLs and secrets are settled, cookies inherit. */
export function settle(written: Written, spareSecret: string, switches: DeveloperSwitches): Config {
  const safe = safeOf(written);
  const serve = settleServe(written.serve, safe);
  const { identity, selfservice, session, cookies, hashers, log, courier } = written;
  return {
    ...written,
    native_flows_from_browsers: written.dev && switches.nativeFlowsFromBrowsers,
    serve,
    identity: { ...identity, schemas: identity.schemas.filter(({ id }, at, all) => all.findIndex((other) => other.id === id) === at) },
    selfservice: {
      ...selfservice,
      allowed_return_urls: safe(selfservice.allowed_return_urls),
      flows: settleFlows(selfservice.flows, serve.public.base_url),
      methods: settleMethods(selfservice.methods),
    },
    session: settleSession(session, cookies),
    cookies: { ...cookies, ...placeOf(cookies), secure: asFlag(cookies.secure) },
    hashers: { ...hashers, argon2: settleArgon2(hashers) },
    secrets: settleSecrets(written.secrets, spareSecret),
    courier: { ...courier, channels: courier.channels.map((channel) => ({ ...channel, carries: carriedBy(channel) })) },
    log: { ...log, format: log.format ?? (process.stdout.isTTY ? "text" : "json") },
  };
}

function settleSecrets(secrets: Written["secrets"], spareSecret: string): SecretsConfig {
  const cookie = firstOf(secrets.cookie, secrets.default, [spareSecret]);
  return { ...secrets, cookie, pagination: firstOf(secrets.pagination, secrets.default, cookie) };
}

const firstOf = (...lists: readonly (readonly string[])[]): readonly string[] =>
  lists.find(({ length }) => length > 0) ?? [];

function settleSession(session: Written["session"], cookies: Written["cookies"]): SessionConfig {
  const own = session.cookie;
  const cookie = {
    name: own.name,
    persistent: own.persistent,
    ...placeOf({ domain: own.domain ?? cookies.domain, path: own.path ?? cookies.path }),
    secure: asFlag(own.secure ?? cookies.secure),
    same_site: own.same_site ?? cookies.same_site,
  };
  return { ...session, cookie };
}

/** Where cookies count, without what would be no attribute of theirs. */
const placeOf = ({ domain, path }: { readonly domain?: string | undefined; readonly path: string }) => ({
  domain: domain && cookieDomain.pattern!.test(domain) ? domain : undefined,
  path: cookiePath.pattern!.test(path) ? path : "/",
});

const asFlag = (text: string | undefined): "true" | "false" | undefined =>
  text === undefined ? undefined : readBoolean(text) ? "true" : "false";

type Safe = (patterns: readonly string[]) => readonly string[];

/** What is left of a list of addresses without those that let in whole domains of strangers. */
const safeOf = ({ feature_flags: { legacy_allow_insecure_origins: all } }: Written): Safe => (patterns) =>
  all ? patterns : patterns.filter((pattern) => !isUnsafeWildcard(pattern));

function settleServe(serve: Written["serve"], safe: Safe): ServeConfig {
  const { cors, max_body_bytes } = serve.public;
  return {
    public: { ...settleListener(serve.public), cors: { ...cors, allowed_origins: safe(cors.allowed_origins) }, max_body_bytes },
    admin: settleListener(serve.admin),
    trusted_proxies: serve.trusted_proxies,
    shutdown: serve.shutdown,
  };
}

function settleListener(listener: Written["serve"]["admin"]): ListenerConfig {
  const { request_log, host, port, socket } = listener;
  const key = settleSource(listener.tls?.key);
  const cert = settleSource(listener.tls?.cert);
  const tls = key && cert ? { key, cert } : undefined;
  const base_url = withSlash(listener.base_url ?? `${tls ? "https" : "http"}://${reachable(host)}:${port}/`);
  return { request_log, base_url, message_url: base_url, derived: listener.base_url === undefined, host, port, socket, tls };
}

function settleSource(source: { readonly path?: string; readonly base64?: string } | undefined): TlsSource | undefined {
  if (source?.path !== undefined) return { path: source.path };
  return source?.base64 === undefined ? undefined : { base64: source.base64 };
}

/** An address under which something that listens there can be called. */
function reachable(host: string): string {
  if (host.startsWith("unix:")) return "localhost";
  if (host === "" || host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** The address as paths are put behind it. */
function withSlash(written: string): string {
  const url = written.replace(/[?#].*$/s, "");
  return url.endsWith("/") ? url : `${url}/`;
}

function settleFlows(flows: Written["selfservice"]["flows"], publicUrl: string): FlowsConfig {
  const page = (ui_url: string | undefined, name: string) => ({
    ui_url: absolute(ui_url ?? `${publicUrl}ui/${name}`, publicUrl),
    pageless: ui_url === undefined,
  });
  const { registration } = flows;
  return {
    ...flows,
    login: { ...flows.login, ...page(flows.login.ui_url, "login") },
    registration: {
      ...registration,
      ...page(registration.ui_url, "registration"),
      style: registration.enable_legacy_one_step ? "unified" : registration.style,
    },
    settings: { ...flows.settings, ...page(flows.settings.ui_url, "settings") },
    recovery: { ...flows.recovery, ...page(flows.recovery.ui_url, "recovery") },
    verification: { ...flows.verification, ...page(flows.verification.ui_url, "verification") },
    error: page(flows.error.ui_url, "error"),
  };
}

const absolute = (url: string, publicUrl: string): string => (URL.canParse(url) ? url : new URL(url, publicUrl).href);

function settleMethods(methods: Written["selfservice"]["methods"]): MethodsConfig {
  const { rp, passwordless } = methods.webauthn.config;
  const party: WebauthnConfig["rp"] = rp && {
    id: rp.id,
    display_name: rp.display_name,
    origins: rp.origin ? [rp.origin] : rp.origins,
  };
  return { ...methods, webauthn: { ...methods.webauthn, config: { passwordless, rp: party } } };
}
