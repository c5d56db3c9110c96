import type { Config } from "../config/config.ts";
import { fitsOrigin } from "../config/wildcard.ts";
import type { Log } from "../log.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";

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

/**
 * Sets the headers by which browsers let pages of other origins call (Fetch standard, CORS protocol). Returns true where
 * the request was a preflight, and is answered: not where those are passed on.
 */
export function applyCors(cors: Cors, req: HttpRequest, res: HttpResponse, log: Log): boolean {
  if (!cors.enabled) return false;
  const { origin } = req.headers;
  const asked = req.headers["access-control-request-method"];
  const preflight = req.method === "OPTIONS" && origin !== undefined && asked !== undefined;
  res.setHeader("vary", preflight ? preflightVary : "Origin");
  const allowed = typeof origin === "string" && cors.allowed_origins.some((pattern) => fitsOrigin(pattern, origin));
  const fits =
    allowed && (preflight ? answerPreflight(cors, req, res, origin, String(asked)) : allow(cors, req, res, origin));
  if (cors.debug) log.info("cors", { origin, method: preflight ? asked : req.method, preflight, allowed: fits });
  if (!preflight || cors.options_passthrough) return false;
  res.statusCode = 204;
  res.end();
  return true;
}

function answerPreflight(cors: Cors, req: HttpRequest, res: HttpResponse, origin: string, method: string): boolean {
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
  allowOrigin(cors, res, origin);
  res.setHeader("access-control-allow-methods", method.toUpperCase());
  if (headers.length) res.setHeader("access-control-allow-headers", headers.join(", "));
  if (cors.max_age > 0) res.setHeader("access-control-max-age", String(cors.max_age));
  return true;
}

function allow(cors: Cors, req: HttpRequest, res: HttpResponse, origin: string): true {
  allowOrigin(cors, res, origin);
  const grpcWeb = req.headers["content-type"]?.startsWith("application/grpc-web");
  const exposed = grpcWeb ? [...cors.exposed_headers, ...outcomeHeaders] : cors.exposed_headers;
  if (exposed.length) res.setHeader("access-control-expose-headers", exposed.join(", "));
  return true;
}

function allowOrigin(cors: Cors, res: HttpResponse, origin: string): void {
  // With an asterisk any site could read what the browser's cookies open: then cookies stay out of it.
  const anyone = cors.allowed_origins.includes("*");
  res.setHeader("access-control-allow-origin", anyone ? "*" : origin);
  if (cors.allow_credentials && !anyone) res.setHeader("access-control-allow-credentials", "true");
}
