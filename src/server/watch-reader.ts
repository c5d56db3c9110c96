import { constants } from "node:http2";
import type { HttpResponse } from "./http.ts";

/** As long as a connection on which nothing is taken: of a stream of HTTP/2 alone nobody else would notice. */
const mostPatienceMs = 10_000;

/**
 * Cuts a stream without end unless its reader takes a piece of it in time; answers with the way to say that it has. What is cut says so by a frame
 * that no window holds up (RFC 9113, 7: ENHANCE_YOUR_CALM), which gRPC's clients know as RESOURCE_EXHAUSTED.
 */
export function watchReader(res: HttpResponse, patienceMs = mostPatienceMs): () => void {
  const timer = setTimeout(() => {
    if ("stream" in res) res.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    else res.destroy();
  }, patienceMs);
  return () => clearTimeout(timer);
}
