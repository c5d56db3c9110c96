import { readBoolean } from "../text/boolean.ts";
import { faultsOfChannels } from "./channel-rules.ts";
import type { Findings } from "./check.ts";
import type { Written } from "./schema.ts";

/** Rules that span several sections. `written` is what the operator wrote, `read` the same with defaults. */
export function checkAcross(read: Written, written: unknown, findings: Findings): void {
  const { secrets, dev, ciphers, identity, selfservice } = read;
  if (!dev && !secrets.cookie.length && !secrets.default.length)
    findings.faults.push({
      path: ["secrets", "cookie"],
      problem: "is required outside development mode; make one with: openssl rand -hex 32",
    });
  if (ciphers.algorithm !== "noop" && !secrets.cipher.length)
    findings.faults.push({
      path: ["secrets", "cipher"],
      problem: `is required by ciphers.algorithm ${ciphers.algorithm}; make one with: openssl rand -hex 16`,
    });
  if (!dev) checkPublished(secrets, findings);
  checkCookieName(read, findings);
  checkOAuth2(read, findings);
  checkTracing(read, findings);
  const { min_password_length: least } = selfservice.methods.password.config;
  if (read.hashers.algorithm === "bcrypt" && least > bcryptTakes)
    findings.warnings.push({
      path: ["selfservice", "methods", "password", "config", "min_password_length"],
      problem: `is more than the ${bcryptTakes} bytes that bcrypt takes: nobody can set a password`,
    });
  const { auto_extend: extension, lifespan } = read.session;
  if (extension.enabled && (extension.min_interval ?? 0) >= lifespan)
    findings.faults.push({
      path: ["session", "auto_extend", "min_interval"],
      problem: "is not less than session.lifespan: no session would be extended",
    });
  if (read.session.cache.mode === "strict" && read.dsn.startsWith("cockroach"))
    findings.faults.push({
      path: ["session", "cache", "mode"],
      problem: "is not to be had on CockroachDB, whose locks may be lost: use off or ttl",
    });
  const ids = identity.schemas.map(({ id }) => id);
  if (new Set(ids).size < ids.length)
    findings.warnings.push({ path: ["identity", "schemas"], problem: "uses an id twice: the first of them counts" });
  if (!ids.includes(identity.default_schema_id))
    findings.warnings.push({
      path: ["identity", "default_schema_id"],
      problem: "names no schema of identity.schemas: nobody can sign up without naming one",
    });
  const { channels, delivery_strategy: strategy, http, smtp } = read.courier;
  const mailHasWay = Boolean(strategy === "http" ? http.request_config : smtp.connection_uri);
  for (const problem of faultsOfChannels(channels, mailHasWay))
    findings.faults.push({ path: ["courier", "channels"], problem });
  const hasCourier = typeof written === "object" && written !== null && "courier" in written;
  // Where there is an inbox, what has no way out is read there.
  const senders =
    hasCourier || (read.courier.inbox ?? dev)
      ? []
      : (["verification", "recovery"] as const).filter((flow) => selfservice.flows[flow].enabled);
  const problem = `is required by ${senders.map((flow) => `selfservice.flows.${flow}.enabled`).join(" and ")}`;
  // Kratos' rule speaks of one of the two flows, and lets both pass.
  if (senders.length === 1) findings.faults.push({ path: ["courier"], problem });
  if (senders.length === 2) findings.warnings.push({ path: ["courier"], problem: `${problem}: nothing will be sent` });
  if (!senders.length && !mailHasWay) tellOfMissingWay(read, findings);
}

function checkOAuth2({ oauth2_provider: { mode, url } }: Written, { faults }: Findings): void {
  if (mode === "hydra" && url === undefined)
    faults.push({ path: ["oauth2_provider", "url"], problem: "is required by oauth2_provider.mode hydra" });
}

/** Nobody should learn from a person's missing mail that there is no server for it. */
function tellOfMissingWay({ courier, selfservice, dev }: Written, { warnings }: Findings): void {
  const { flows, methods } = selfservice;
  const asked =
    flows.recovery.enabled ||
    flows.verification.enabled ||
    methods.code.passwordless_enabled ||
    methods.code.mfa_enabled;
  if (!asked || courier.channels.length || (courier.inbox ?? dev)) return;
  const path =
    courier.delivery_strategy === "http"
      ? ["courier", "http", "request_config"]
      : ["courier", "smtp", "connection_uri"];
  warnings.push({ path, problem: "is not set, and there is no channel: nothing will be sent" });
}

const receivers = { otel: "otlp", zipkin: "zipkin" } as const;

/** Whoever names a receiver of traces expects them to arrive. */
function checkTracing({ tracing }: Written, findings: Findings): void {
  const { provider, providers } = tracing ?? {};
  if (!tracing || provider === "jaeger") return;
  const path = ["tracing"];
  if (!provider) findings.warnings.push({ path: [...path, "provider"], problem: "is not set: nothing is traced" });
  else if (!providers![receivers[provider]].server_url)
    findings.faults.push({
      path: [...path, "providers", receivers[provider], "server_url"],
      problem: `is required by tracing.provider ${provider}`,
    });
}

const bcryptTakes = 72;

/** Secrets that everybody can read in the examples of Kratos, and perhaps ours. */
const published = /(?:PLEASE-CHANGE-ME|VERY-INSECURE|NOT-SECURE-AT-ALL)/i;

function checkPublished(secrets: Written["secrets"], { faults }: Findings): void {
  for (const kind of ["default", "cookie", "pagination", "cipher"] as const)
    for (const [at, secret] of secrets[kind].entries())
      if (published.test(secret))
        faults.push({
          path: ["secrets", kind, at],
          problem: `is a published example, with which anybody could sign in as anybody; make one with: openssl rand -hex ${kind === "cipher" ? 16 : 32}`,
        });
}

/** Browsers drop a cookie of such a name that lacks one of these attributes (RFC 6265bis), and nobody could sign in. */
function checkCookieName({ session, cookies, dev }: Written, findings: Findings): void {
  const { name, domain = cookies.domain, path = cookies.path, secure = cookies.secure } = session.cookie;
  const travelsClear = secure === undefined ? dev : !readBoolean(secure);
  const [host, any] = [/^__Host-/i.test(name), /^__(?:Host|Secure)-/i.test(name)];
  if ((host && (domain || path !== "/")) || (any && travelsClear))
    findings.faults.push({
      path: ["session", "cookie", "name"],
      problem: host
        ? "begins with __Host-, which needs path /, no domain, and secure: true"
        : "begins with __Secure-, which needs secure: true",
    });
}
