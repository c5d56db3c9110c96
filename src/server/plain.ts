import { noStore } from "../rest/no-store.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";

/** What the routes say that are neither calls of the contract nor flows. */
export interface PlainOptions {
  readonly admin: boolean;
  /** Which parts of the server do not answer; empty where all do. */
  alive(): Promise<Readonly<Record<string, string>>>;
  /** What is wrong, by part of the server; empty where it can serve. */
  ready(): Promise<Readonly<Record<string, string>>>;
  readonly version: string;
  revision(): string;
  metrics(): Promise<string>;
  /** The OpenAPI document of this port. */
  openApi(): Buffer;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

type Route = () => Answer | Promise<Answer>;

const json = (value: unknown, status = 200): Answer => ({
  status,
  type: "application/json; charset=utf-8",
  body: JSON.stringify(value),
});
const text = (body: string, status = 200): Answer => ({ status, type: "text/plain; charset=utf-8", body });

/** Serves health, version, metrics and the API's description, at the paths that `serves` knows. */
export function createPlainRoutes(options: PlainOptions) {
  let openApi: Buffer | undefined;
  const routes = new Map<string, Route>([
    ["/health/alive", async () => health(await options.alive(), options)],
    ["/health/ready", async () => health(await options.ready(), options)],
    ["/openapi.json", () => ({ ...json(null), body: (openApi ??= options.openApi()) })],
  ]);
  if (options.admin) {
    routes.set("/version", () => json({ version: options.version }));
    routes.set("/health/config", () => text(options.revision()));
    routes.set("/metrics/prometheus", async () => ({
      ...text(await options.metrics()),
      type: "text/plain; version=0.0.4; charset=utf-8",
    }));
    for (const [path, route] of [...routes]) routes.set(`/admin${path}`, route);
  }

  async function serve(path: string, req: HttpRequest, res: HttpResponse): Promise<void> {
    const route = routes.get(path)!;
    if (req.method !== "GET" && req.method !== "HEAD") {
      res.setHeader("allow", "GET, HEAD");
      send(req, res, text("Method Not Allowed\n", 405));
    } else send(req, res, await route());
  }

  return { serve, serves: (path: string) => routes.has(path) };
}

function health(errors: Readonly<Record<string, string>>, { admin }: PlainOptions): Answer {
  const parts = Object.keys(errors);
  if (!parts.length) return json({ status: "ok" });
  // What is wrong is for those who run the server.
  return json({ errors: admin ? errors : Object.fromEntries(parts.map((part) => [part, "not ready"])) }, 503);
}

function send(req: HttpRequest, res: HttpResponse, { status, type, body }: Answer): void {
  res.statusCode = status;
  res.setHeader("content-type", type);
  if (req.method === "GET") res.setHeader("cache-control", noStore);
  (res as { end(body?: string | Buffer): unknown }).end(req.method === "HEAD" ? undefined : body);
}
