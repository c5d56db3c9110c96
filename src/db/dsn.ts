import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { shareOf } from "../peers.ts";
import { withoutSlashBeforeDrive } from "../text/drive-path.ts";
import { readBoolean } from "../text/boolean.ts";

/** How many connections a process keeps, of those that the DSN grants to the server, and for how long. */
export interface PoolLimits {
  max: number;
  maxIdle: number;
  lifetimeMs?: number;
  idleMs: number;
}

/** What a connection string says. */
export type Dsn = { dialect: "sqlite"; /** Undefined for a database in memory. */ path?: string } | ServerDsn;

/** A database on a server. */
export interface ServerDsn {
  dialect: "postgresql" | "mysql";
  /** Whether it is CockroachDB, as the scheme says: it speaks PostgreSQL's dialect, without its locks and its LISTEN. */
  cockroach: boolean;
  host: string;
  port: number;
  socket?: string;
  user: string;
  password: string;
  database: string;
  /** `prefer`: TLS where the server offers it. */
  tls: "off" | "prefer" | ConnectionOptions;
  pool: PoolLimits;
}

/** Reads a connection string of any of the forms that Kratos takes. */
export function parseDsn(dsn: string): Dsn {
  if (dsn === "memory") return { dialect: "sqlite" };
  const scheme = dsn.slice(0, dsn.indexOf("://"));
  const rest = dsn.slice(scheme.length + 3);
  switch (scheme) {
    case "sqlite":
    case "sqlite3":
      return parseSqlite(rest);
    case "postgres":
    case "postgresql":
      return parseServer("postgresql", 5432, rest);
    case "cockroach":
    case "cockroachdb":
      return { ...parseServer("postgresql", 26257, rest), cockroach: true };
    case "mysql":
      return parseServer("mysql", 3306, rest);
    default:
      throw new Error(`The DSN begins with none of memory, sqlite://, postgres://, cockroach://, mysql://.`);
  }
}

function parseSqlite(rest: string): Dsn {
  const [path = "", query = ""] = split(rest.replace(/^file:/, ""), "?");
  const memory = path === "" || path === ":memory:" || new URLSearchParams(query).get("mode") === "memory";
  return memory ? { dialect: "sqlite" } : { dialect: "sqlite", path: withoutSlashBeforeDrive(decoded(path)) };
}

function parseServer(dialect: ServerDsn["dialect"], defaultPort: number, rest: string): ServerDsn {
  const [authority = "", tail = ""] = split(rest, "?");
  const options = new URLSearchParams(tail);
  // Passwords in Go's form may hold any character: the last @ ends them, and the last / begins the database's name.
  const at = authority.lastIndexOf("@");
  const [user = "", password = ""] = split(authority.slice(0, Math.max(at, 0)), ":");
  const target = authority.slice(at + 1);
  const go = /^(tcp|unix)\((.*)\)\/(.*)$/.exec(target);
  const slash = target.indexOf("/");
  const address = go ? go[2]! : slash < 0 ? target : target.slice(0, slash);
  const decode = go ? (text: string) => text : decoded;
  const socket = go?.[1] === "unix" ? address : (options.get("host") ?? undefined);
  return {
    dialect,
    cockroach: false,
    ...hostAndPort(address, defaultPort),
    ...(socket?.startsWith("/") && { socket }),
    user: decode(user),
    password: decode(password),
    database: decoded(go ? go[3]! : slash < 0 ? "" : target.slice(slash + 1)),
    tls: dialect === "mysql" ? mysqlTls(options) : postgresTls(options),
    pool: poolLimits(options),
  };
}

function hostAndPort(address: string, defaultPort: number): { host: string; port: number } {
  const match = /^(\[[^\]]+\]|[^:,]*)(?::(\d{0,5}))?$/.exec(address);
  if (!match) throw new Error("The DSN names a host and a port that cannot be read.");
  const host = match[1]!.replace(/^\[|\]$/g, "");
  return { host: host || "127.0.0.1", port: Number(match[2] || defaultPort) };
}

function postgresTls(options: URLSearchParams): ServerDsn["tls"] {
  const file = (name: string) => (options.get(name) ? readFileSync(options.get(name)!) : undefined);
  const ca = file("sslrootcert");
  const own = { ca, cert: file("sslcert"), key: file("sslkey") };
  const mode = options.get("sslmode") ?? "prefer";
  switch (mode) {
    case "disable":
    case "allow":
      return "off";
    case "prefer":
      return "prefer";
    case "require":
      // libpq verifies a certificate as soon as it is told by whom it should be signed.
      return { ...own, rejectUnauthorized: ca !== undefined, checkServerIdentity: () => undefined };
    case "verify-ca":
      return { ...own, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case "verify-full":
      return { ...own, rejectUnauthorized: true };
    default:
      throw new Error(`The DSN asks for an unknown sslmode: ${mode}.`);
  }
}

function mysqlTls(options: URLSearchParams): ServerDsn["tls"] {
  const mode = options.get("tls") ?? "false";
  switch (readBoolean(mode) ?? mode) {
    case false:
      return "off";
    case "preferred":
      return "prefer";
    case "skip-verify":
      return { rejectUnauthorized: false };
    case true:
      return { rejectUnauthorized: true };
    default:
      throw new Error(`The DSN asks for an unknown tls mode: ${mode}.`);
  }
}

function poolLimits(options: URLSearchParams): PoolLimits {
  // With one alone, a transaction would keep everybody else of the worker waiting.
  const max = shareOf(countIn(options, "max_conns") || 16, 2);
  const lifetime = options.get("max_conn_lifetime");
  return {
    max,
    maxIdle: shareOf(countIn(options, "max_idle_conns") ?? Math.min(max, 4), 0),
    ...(lifetime && { lifetimeMs: milliseconds(lifetime) }),
    idleMs: milliseconds(options.get("max_conn_idle_time") ?? "1m"),
  };
}

/** What is no number counts as not said, as it does in Kratos. */
function countIn(options: URLSearchParams, name: string): number | undefined {
  const written = options.get(name) ?? "";
  return /^\d{1,6}$/.test(written) ? Number(written) : undefined;
}

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/([\d.]+)(ms|s|m|h)/g)];
  if (parts.length === 0) throw new Error(`The DSN has a duration that cannot be read: ${duration}.`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
}

function split(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error("The DSN has a % that stands for no character: write %25 for the sign itself.");
  }
}
