import { requestHeaders } from "../../rest/request-headers.ts";
import type { HttpRequest, HttpResponse } from "../../server/http.ts";
import { throughout } from "../../tracing/active-span.ts";
import type { Tracer } from "../../tracing/tracer.ts";

/** A page that somebody looks at. */
interface Visited {
  readonly path: string;
  readonly req: HttpRequest;
  readonly res: HttpResponse;
}

/** Serves a page in a span, above those of the calls that it makes of the API. What a page is dressed with is not told of. */
export function tracedPage(tracer: Tracer | undefined, visited: Visited, serve: () => Promise<void>): Promise<void> {
  const { path, req, res } = visited;
  if (!tracer || path.includes("/assets/")) return serve();
  const span = tracer.begin({
    carrier: requestHeaders(req.headers),
    trusted: false,
    describe: () => ({
      name: `${req.method} /ui/*`,
      kind: "server",
      attributes: { "http.request.method": req.method, "http.route": "/ui/*", "url.path": pageOf(path) },
    }),
  });
  return throughout(span, async () => {
    await serve();
    span.set({ "http.response.status_code": res.statusCode });
  });
}

/** Which page it is, without what it names further on. */
const pageOf = (path: string): string => path.split("/", 3).join("/");
