import { releaseBody } from "./bodies.ts";
import { releaseBodyPatience } from "./body-patience.ts";
import type { HttpRequest } from "./http.ts";
import { releasePatience } from "./stream-patience.ts";

/** Lets a body come for as long as its client has something to send, once that one is let in: it is worked on as it comes, and so never whole here. */
export function letBodyCome(req: HttpRequest): void {
  if ("stream" in req) {
    releaseBody(req.stream);
    releasePatience(req.stream);
  } else {
    releaseBody(req);
    releaseBodyPatience(req);
  }
}
