import { readBoolean } from "../text/boolean.ts";
import { settleArgon2 } from "./argon2-limits.ts";
import { carriedBy } from "./channel-rules.ts";
import type { DeveloperSwitches } from "./developer-switches.ts";
import type { Written } from "./schema.ts";
import { cookieDomain, cookiePath } from "./schema/formats.ts";
import { isUnsafeWildcard } from "./wildcard.ts";

/** Turns the checked configuration into the one in effect: URLs and secrets are settled, cookies inherit. */
export function settle(written: Written, spareSecret: string, switches: DeveloperSwitches) {
  const safe = safeOf(written);
  const serve = settleServe(written.serve, safe);
  const { identity, selfservice, session, cookies, hashers, log, courier, oauth2_provider: oauth2 } = written;
  return replace(written, {
    /** Native flows are taken from browsers too: `DEV_DISABLE_API_FLOW_ENFORCEMENT=true` in the environment, in development mode alone. */
    native_flows_from_browsers: written.dev && switches.nativeFlowsFromBrowsers,
    serve,
    console: replace(written.console, {
      require_second_factor: written.console.require_second_factor ?? !written.dev,
    }),
    identity: replace(identity, {
      schemas: identity.schemas.filter(({ id }, at, all) => all.findIndex((other) => other.id === id) === at),
    }),
    selfservice: replace(selfservice, {
      allowed_return_urls: safe(selfservice.allowed_return_urls),
      flows: settleFlows(selfservice.flows, serve.public.base_url, selfservice.pages.enabled),
      methods: settleMethods(selfservice.methods),
    }),
    session: settleSession(session, cookies),
    cookies: replace(cookies, { ...placeOf(cookies), secure: asFlag(cookies.secure) }),
    hashers: replace(hashers, { argon2: settleArgon2(hashers) }),
    secrets: settleSecrets(written.secrets, spareSecret),
    courier: replace(courier, {
      inbox: courier.inbox ?? written.dev,
      channels: courier.channels.map((channel) => replace(channel, { carries: carriedBy(channel) })),
    }),
    oauth2_provider: replace(oauth2, { mode: oauth2.mode ?? (oauth2.url === undefined ? "off" : "hydra") }),
    log: replace(log, { format: log.format ?? (process.stdout.isTTY ? "text" : "json") }),
  });
}

type Settled<T> = { readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? readonly I[] : T[K] };

/** The section with what has become of some of its keys. */
const replace = <T extends object, R extends object>(section: T, settled: R) =>
  ({ ...section, ...settled }) as Settled<Omit<T, keyof R> & R>;

function settleSecrets(secrets: Written["secrets"], spareSecret: string) {
  const cookie = firstOf(secrets.cookie, secrets.default, [spareSecret]);
  // Neither is ever empty.
  return replace(secrets, { cookie, pagination: firstOf(secrets.pagination, secrets.default, cookie) });
}

const firstOf = (...lists: readonly (readonly string[])[]): readonly string[] =>
  lists.find(({ length }) => length > 0) ?? [];

function settleSession(session: Written["session"], cookies: Written["cookies"]) {
  const own = session.cookie;
  const cookie = replace(own, {
    ...placeOf({ domain: own.domain ?? cookies.domain, path: own.path ?? cookies.path }),
    secure: asFlag(own.secure ?? cookies.secure),
    same_site: own.same_site ?? cookies.same_site,
  });
  return replace(session, { cookie });
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
const safeOf =
  ({ feature_flags: { legacy_allow_insecure_origins: all } }: Written): Safe =>
  (patterns) =>
    all ? patterns : patterns.filter((pattern) => !isUnsafeWildcard(pattern));

function settleServe(serve: Written["serve"], safe: Safe) {
  const { cors } = serve.public;
  return replace(serve, {
    public: replace(settleListener(serve.public), {
      cors: replace(cors, { allowed_origins: safe(cors.allowed_origins) }),
    }),
    admin: settleListener(serve.admin),
  });
}

/** A PEM document: a file, or the document itself in base64. */
type TlsSource = { readonly path: string } | { readonly base64: string };

/** How clients reach a listener, and by which certificate. */
interface Reach {
  /** Absolute, ends in a slash. */
  readonly base_url: string;
  /** The same for links in messages: what they carry is worth the more care for whose word is taken. */
  readonly message_url: string;
  /** Whether it is only where the server listens, since nobody has said how clients reach it. */
  readonly derived: boolean;
  readonly tls?:
    | { readonly key: TlsSource; readonly cert: TlsSource; readonly client_ca?: TlsSource | undefined }
    | undefined;
}

function settleListener<L extends Written["serve"]["admin"] | Written["serve"]["public"]>(listener: L) {
  const { host, port } = listener;
  const key = settleSource(listener.tls?.key);
  const cert = settleSource(listener.tls?.cert);
  const clientCa = listener.tls && "client_ca" in listener.tls ? settleSource(listener.tls.client_ca) : undefined;
  const tls = key && cert ? { key, cert, ...(clientCa && { client_ca: clientCa }) } : undefined;
  const base_url = withSlash(listener.base_url ?? `${tls ? "https" : "http"}://${reachable(host)}:${port}/`);
  const reach: Reach = { base_url, message_url: base_url, derived: listener.base_url === undefined, tls };
  return replace(listener, reach);
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

/** Where a page is. */
interface Page {
  readonly ui_url: string;
  /** Whether the address is only where a page would be, for none is configured, and those that come along are off. */
  readonly pageless: boolean;
}

function settleFlows(flows: Written["selfservice"]["flows"], publicUrl: string, built: boolean) {
  const page = (ui_url: string | undefined, name: string): Page => ({
    ui_url: absolute(ui_url ?? `${publicUrl}ui/${name}`, publicUrl),
    pageless: ui_url === undefined && !built,
  });
  const { login, registration, settings, recovery, verification, error } = flows;
  const style = registration.enable_legacy_one_step ? "unified" : registration.style;
  return replace(flows, {
    login: replace(login, page(login.ui_url, "login")),
    registration: replace(registration, { ...page(registration.ui_url, "registration"), style }),
    settings: replace(settings, page(settings.ui_url, "settings")),
    recovery: replace(recovery, page(recovery.ui_url, "recovery")),
    verification: replace(verification, page(verification.ui_url, "verification")),
    error: page(error.ui_url, "error"),
  });
}

const absolute = (url: string, publicUrl: string): string => (URL.canParse(url) ? url : new URL(url, publicUrl).href);

function settleMethods(methods: Written["selfservice"]["methods"]) {
  const { webauthn } = methods;
  const { rp } = webauthn.config;
  const party: Pick<NonNullable<typeof rp>, "id" | "display_name" | "origins"> | undefined = rp && {
    id: rp.id,
    display_name: rp.display_name,
    origins: rp.origin ? [rp.origin] : rp.origins,
  };
  return replace(methods, { webauthn: replace(webauthn, { config: replace(webauthn.config, { rp: party }) }) });
}
