import type { Config } from "../config/config.ts";
import { fitsOrigin } from "../config/wildcard.ts";
import type { Log } from "../log.ts";
import type { HttpRequest } from "./http.ts";

type Cors = Config["serve"]["public"]["cors"];

// What clients of Connect and gRPC-web cannot do without, whatever the configuration lists for REST.
const protocolHeaders = [
  "connect-protocol-version",
  "connect-timeout-ms",
  "grpc-timeout",
  "x-grpc-web",
  "x-user-agent",
];
const outcomeHeaders = ["Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"];

const preflightVary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

type Said = Record<string, string>;

/**
 * Says the headers by which browsers let pages of other origins call (Fetch standard, CORS protocol). Returns true where
 * the request was a preflight, and these are the answer (204): not where those are passed on.
 */
export function applyCors(cors: Cors, req: HttpRequest, said: Said, log: Log): boolean {
  if (!cors.enabled) return false;
  const { origin } = req.headers;
  const asked = req.headers["access-control-request-method"];
  const preflight = req.method === "OPTIONS" && origin !== undefined && asked !== undefined;
  said["vary"] = preflight ? preflightVary : "Origin";
  const allowed = typeof origin === "string" && cors.allowed_origins.some((pattern) => fitsOrigin(pattern, origin));
  const fits =
    allowed && (preflight ? answerPreflight(cors, req, said, origin, String(asked)) : allow(cors, req, said, origin));
  if (cors.debug) log.info("cors", { origin, method: preflight ? asked : req.method, preflight, allowed: fits });
  return preflight && !cors.options_passthrough;
}

function answerPreflight(cors: Cors, req: HttpRequest, said: Said, origin: string, method: string): boolean {
  const headers = String(req.headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const known = new Set([
    ...cors.allowed_headers.map((name) => name.toLowerCase()),
    ...protocolHeaders,
    "origin",
    "accept",
  ]);
  const fits = cors.allowed_methods.includes(method.toUpperCase()) && headers.every((name) => known.has(name));
  if (!fits) return false;
  allowOrigin(cors, said, origin);
  said["access-control-allow-methods"] = method.toUpperCase();
  if (headers.length) said["access-control-allow-headers"] = headers.join(", ");
  if (cors.max_age > 0) said["access-control-max-age"] = String(cors.max_age);
  return true;
}

function allow(cors: Cors, req: HttpRequest, said: Said, origin: string): true {
  allowOrigin(cors, said, origin);
  const grpcWeb = req.headers["content-type"]?.startsWith("application/grpc-web");
  const exposed = grpcWeb ? [...cors.exposed_headers, ...outcomeHeaders] : cors.exposed_headers;
  if (exposed.length) said["access-control-expose-headers"] = exposed.join(", ");
  return true;
}

function allowOrigin(cors: Cors, said: Said, origin: string): void {
  // With an asterisk any site could read what the browser's cookies open: then cookies stay out of it.
  const anyone = cors.allowed_origins.includes("*");
  said["access-control-allow-origin"] = anyone ? "*" : origin;
  if (cors.allow_credentials && !anyone) said["access-control-allow-credentials"] = "true";
}
