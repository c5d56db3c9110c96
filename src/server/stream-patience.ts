import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { constants } from "node:http2";
import { dropUnread } from "./http.ts";

/**
 * Ends streams of HTTP/2 that hang, for which Node has no time-out: a request has so long to come, and the end of an
 * answer so long to be taken. An answer that is still being made may take as long as it does.
 */
export function limitStream(req: Http2ServerRequest, res: Http2ServerResponse, patienceMs: number): void {
  const { stream } = req;
  let answered = false;
  const look = () => {
    if (stream.destroyed) return;
    if (!received(req)) return refuse(req, res);
    if (answered) return void stream.close(constants.NGHTTP2_CANCEL);
    answered = res.writableEnded;
    timer = setTimeout(look, patienceMs);
  };
  let timer = setTimeout(look, patienceMs);
  stream.once("close", () => clearTimeout(timer));
}

/** Whether all of a request has come, read or not. */
const received = ({ stream }: Http2ServerRequest): boolean =>
  stream.readableEnded ||
  stream.endAfterHeaders ||
  stream.state.state === constants.NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE;

function refuse(req: Http2ServerRequest, res: Http2ServerResponse): void {
  if (res.headersSent) return void res.stream.close(constants.NGHTTP2_CANCEL);
  dropUnread(req, res);
  res.writeHead(408).end();
}
