import type { Config } from "../config/config.ts";
import type { Log } from "../log.ts";
import { noStore } from "../rest/no-store.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { countRefused } from "./count-refused.ts";
import { applyCors } from "./cors.ts";
import { isLongHead, isSound } from "./request-head.ts";
import { readTarget } from "./request-target.ts";

/** What one port is made of. */
export interface PortOptions {
  readonly name: "public" | "admin";
  readonly log: Log;
  readonly connect: {
    handle(req: HttpRequest, res: HttpResponse): Promise<void> | void;
    serves(path: string): boolean;
  };
  rest(req: HttpRequest, res: HttpResponse, said: PortHeaders): Promise<void>;
  readonly plain: {
    serve(path: string, req: HttpRequest, res: HttpResponse): Promise<void>;
    serves(path: string): boolean;
  };
  /** Pages for people: whichever serves a path comes before the API. */
  readonly sites: readonly Site[];
  /** The URL of the other port, for a path that belongs there. */
  elsewhere(path: string): string | undefined;
  cors?(req: HttpRequest): Config["serve"]["public"]["cors"];
  /** Finds out whose accounts a request is about, before anything else is looked at; undefined where that is known. */
  resolve(req: HttpRequest): Promise<void> | undefined;
  readonly silentAboutHealth: boolean;
  /** The `Vary` of every answer but those about health and version. */
  readonly vary?: string;
}

/** Pages for people, beside the API. */
export interface Site {
  serves(path: string, req: HttpRequest): boolean;
  serve(path: string, req: HttpRequest, res: HttpResponse): Promise<void>;
}

/** What every answer of a port says, by names in lower case. */
export type PortHeaders = Readonly<Record<string, string>>;

/** Answers that are the same for everybody. */
const sameForAll: ReadonlySet<string> = new Set(["/version", "/health/alive", "/health/ready"]);

/** The way of a request through a port, up to the protocol that it speaks. */
export function createPort(options: PortOptions) {
  const { connect, log } = options;

  /** What is asked of the server itself must not wait for a database. */
  const isOfServer = (path: string): boolean => options.plain.serves(path) || path.startsWith("/grpc.");

  function fail(res: HttpResponse, path: string, error: unknown): void {
    log.error("request failed", { path, error: error instanceof Error ? error.stack : String(error) });
    if (!res.headersSent) res.statusCode = 500;
    res.end();
  }

  function route(path: string, query: string, req: HttpRequest, res: HttpResponse): Promise<void> | void {
    if (!log.withoutDebug && !(options.silentAboutHealth && path.startsWith("/health/")))
      logAccess(log, options.name, path, req, res);
    const said: Record<string, string> = { "x-content-type-options": "nosniff" };
    const answered = options.cors && applyCors(options.cors(req), req, said, log);
    if (options.vary && !answered && !sameForAll.has(path))
      said["vary"] = said["vary"] ? `${options.vary}, ${said["vary"]}` : options.vary;
    // A call over REST says all in one go, for which Node has a shorter way.
    const site = siteFor(path, req);
    if (!answered && !site && isRest(path))
      return options.rest(req, res, said).catch((error: unknown) => {
        say(res, said);
        fail(res, path, error);
      });
    say(res, said);
    if (answered) return endPreflight(res);
    if (site) return site.serve(path, req, res).catch((error: unknown) => fail(res, path, error));
    if (connect.serves(path)) return connect.handle(req, res);
    if (path.includes("//")) return redirect(req, res, path.replaceAll(/\/{2,}/g, "/") + query);
    const other = options.elsewhere(path);
    if (other !== undefined) return redirect(req, res, other + query);
    return options.plain.serve(path, req, res).catch((error: unknown) => fail(res, path, error));
  }

  const siteFor = (path: string, req: HttpRequest): Site | undefined =>
    options.sites.find((site) => site.serves(path, req));

  const isRest = (path: string): boolean =>
    !connect.serves(path) &&
    !options.plain.serves(path) &&
    !path.includes("//") &&
    options.elsewhere(path) === undefined;

  return function handle(req: HttpRequest, res: HttpResponse): Promise<void> | void {
    res.on("error", () => res.destroy());
    readTarget(req);
    if (isLongHead(req)) return refuse(res, 431);
    if (!isSound(req)) return refuse(res, 400);
    const target = req.url ?? "/";
    const mark = target.indexOf("?");
    const path = mark < 0 ? target : target.slice(0, mark);
    const query = mark < 0 ? "" : target.slice(mark);
    try {
      const unknown = isOfServer(path) ? undefined : options.resolve(req);
      return unknown
        ? unknown.then(() => route(path, query, req, res)).catch((error: unknown) => fail(res, path, error))
        : route(path, query, req, res);
    } catch (error) {
      fail(res, path, error);
    }
  };
}

function refuse(res: HttpResponse, status: 400 | 431): void {
  countRefused(status === 431 ? "head_too_long" : "malformed");
  res.statusCode = status;
  res.end();
}

function say(res: HttpResponse, said: PortHeaders): void {
  if (!res.headersSent) for (const name in said) res.setHeader(name, said[name]!);
}

function endPreflight(res: HttpResponse): void {
  res.statusCode = 204;
  res.end();
}

/** Sends on with method and body, as the client meant it. */
function redirect(req: HttpRequest, res: HttpResponse, location: string): void {
  res.statusCode = 307;
  res.setHeader("location", location);
  if (req.method !== "GET") return void res.end();
  res.setHeader("cache-control", noStore);
  res.setHeader("content-type", "text/html; charset=utf-8");
  // The address is in the header alone: nothing of a request is written into a page.
  (res as { end(body: string): unknown }).end("This lives elsewhere.\n");
}

function logAccess(log: Log, port: string, path: string, req: HttpRequest, res: HttpResponse): void {
  const start = performance.now();
  res.once("close", () => {
    const ms = Math.round(performance.now() - start);
    log.debug("request", { port, method: req.method, path, status: res.statusCode, ms });
  });
}
