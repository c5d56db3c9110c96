import type { ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";

/** A request on a stream, as far as its patience is concerned. */
export interface Awaited {
  /** Whether all of the answer has been made. */
  isAnswered(): boolean;
  /** Answers that the request took too long to come, or closes the stream where an answer has begun. */
  refuseLate(): void;
}

const wait = Symbol("waits for a body for as long as it comes");

/** A stream that may be waited for. */
type Limited = ServerHttp2Stream & { [wait]?: () => void };

/** Gives the body of a request as much time as it takes: how long nothing may come is for whoever reads it to say. */
export function releasePatience(stream: ServerHttp2Stream): void {
  (stream as Limited)[wait]?.();
}

/**
 * Ends streams of HTTP/2 that hang, for which Node has no time-out: a request has so long to come, and the end of an
 * answer so long to be taken. An answer that is still being made may take as long as it does. Returns how to stop watching.
 */
export function limitStream(stream: Limited, request: Awaited, patienceMs: number): () => void {
  let answered = false;
  let waits = false;
  stream[wait] = () => (waits = true);
  const look = () => {
    if (stream.destroyed) return;
    if (!isReceived(stream) && !waits) return request.refuseLate();
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
