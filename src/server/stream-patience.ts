import type { ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";

/** A request on a stream, as far as its patience is concerned. */
export interface Awaited {
  /** Whether all of the answer has been made. */
  isAnswered(): boolean;
  /** Answers that the request took too long to come, or closes the stream where an answer has begun. */
  refuseLate(): void;
}

/**
 * Ends streams of HTTP/2 that hang, for which Node has no time-out: a request has so long to come, and the end of an
 * answer so long to be taken. An answer that is still being made may take as long as it does. Returns how to stop watching.
 */
export function limitStream(stream: ServerHttp2Stream, request: Awaited, patienceMs: number): () => void {
  let answered = false;
  const look = () => {
    if (stream.destroyed) return;
    if (!isReceived(stream)) return request.refuseLate();
    if (answered) return void stream.close(constants.NGHTTP2_CANCEL);
    answered = request.isAnswered();
    timer = setTimeout(look, patienceMs);
  };
  let timer = setTimeout(look, patienceMs);
  return () => clearTimeout(timer);
}

/** Whether all of a request has come, read or not. */
const isReceived = (stream: ServerHttp2Stream): boolean =>
  stream.readableEnded ||
  stream.endAfterHeaders ||
  stream.state.state === constants.NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE;
