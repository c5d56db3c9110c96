import type { HttpRequest, HttpResponse } from "../server/http.ts";
import type { Site } from "../server/port.ts";
import { consoleFiles } from "./files.ts";
import type { ConsoleFile } from "./files.ts";

const place = "/console";

// The page runs and shows what this server has, and calls this server alone: what gets into it by a name that somebody chose does nothing.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

const pageHeaders = {
  "content-security-policy": policy,
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

// Their names change with what they hold.
const fileHeaders = { "cache-control": "public, max-age=31536000, immutable" };

/** Serves the console's page and files. */
export const consoleSite: Site = {
  serves: (path) => path === place || path.startsWith(`${place}/`),

  async serve(path, req, res) {
    if (req.method !== "GET" && req.method !== "HEAD") {
      res.setHeader("allow", "GET, HEAD");
      return end(res, 405);
    }
    const files = await consoleFiles();
    const name = path.slice(place.length + 1);
    const file = name === "index.html" ? undefined : files.get(name);
    if (file) return send(req, res, file, fileHeaders);
    // What looks like a file and is none was one of an older version: a page in its place would be run as a script.
    if (/\.\w+$/.test(name)) return end(res, 404);
    send(req, res, files.get("index.html")!, pageHeaders);
  },
};

function send(req: HttpRequest, res: HttpResponse, file: ConsoleFile, headers: Readonly<Record<string, string>>): void {
  const zips = /\bgzip\b/.test(String(req.headers["accept-encoding"] ?? ""));
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader("etag", file.etag);
  res.setHeader("vary", "Accept-Encoding");
  if (req.headers["if-none-match"] === file.etag) return end(res, 304);
  res.setHeader("content-type", file.type);
  if (zips) res.setHeader("content-encoding", "gzip");
  end(res, 200, req.method === "HEAD" ? undefined : zips ? file.zipped : file.bytes);
}

function end(res: HttpResponse, status: number, body?: Uint8Array): void {
  res.statusCode = status;
  (res as { end(body?: Uint8Array): unknown }).end(body);
}
