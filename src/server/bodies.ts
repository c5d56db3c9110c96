import type { ServerResponse } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import type { Readable } from "node:stream";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { refuseOverload } from "./refuse-overload.ts";

/** Keeps an eye on bodies that have begun to come. */
export interface Bodies {
  /** Meets a request, and returns what to do when its answer closes; undefined where it has no body. */
  meet(req: HttpRequest, res: HttpResponse): (() => void) | undefined;
  /** Meets a stream of HTTP/2 that `refuse` refuses, likewise. */
  meetStream(stream: ServerHttp2Stream, refuse: () => void): (() => void) | undefined;
}

const leave = Symbol("counts a body no longer");

/** What a body is read from. */
type Source = Readable & { [leave]?: () => void };

/** Lets a body come that has no end in sight, and is worked on as it comes: what bounds it is for whoever reads it to say. */
export function releaseBody(source: Readable): void {
  (source as Source)[leave]?.();
}

interface Body {
  bytes: number;
  pieces: number;
  readonly refuse: () => void;
}

interface Sips {
  count: number;
  since: number;
}

const tinyBytes = 64;
const freePieces = 16;
const mostSips = 512;
const windowMs = 1000;

/**
 * Bounds what clients make a server hold and do with bodies that they do not end. While those that have begun to come hold more
 * than `mostBytes` in all, the oldest is refused: one that is meant to come is over soon. And whoever sends them in so many
 * pieces of a few bytes that to take them costs more than their calls is disconnected.
 */
export function watchBodies(mostBytes: number): Bodies {
  const coming = new Set<Body>();
  const sips = new WeakMap<object, Sips>();
  let held = 0;

  function count(body: Body, length: number): void {
    body.bytes += length;
    held += length;
    for (const oldest of coming) {
      if (held <= mostBytes) return;
      drop(oldest);
      oldest.refuse();
    }
  }

  function drop(body: Body): void {
    if (coming.delete(body)) held -= body.bytes;
  }

  /** Whether a connection has had its share of tiny pieces. */
  function isSipped(connection: object): boolean {
    let known = sips.get(connection);
    if (!known) sips.set(connection, (known = { count: 0, since: performance.now() }));
    if (++known.count <= mostSips) return false;
    if (performance.now() - known.since < windowMs) return true;
    Object.assign(known, { count: 0, since: performance.now() });
    return false;
  }

  /** Counts what comes by a source, and returns how to forget it. */
  function watch(source: Source, connection: { readonly destroyed: boolean; destroy(): unknown }, refuse: () => void) {
    const push = source.push.bind(source);
    const body: Body = { bytes: 0, pieces: 0, refuse };
    coming.add(body);
    source.push = (piece: Buffer | null, encoding) => {
      // What was read in one go with the last straw is still told piece by piece.
      if (connection.destroyed) return false;
      if (piece === null) drop(body);
      else if (coming.has(body)) count(body, piece.length);
      if (piece && ++body.pieces > freePieces && piece.length < tinyBytes && isSipped(connection)) {
        connection.destroy();
        return false;
      }
      return push(piece, encoding);
    };
    const forget = () => drop(body);
    source[leave] = forget;
    return forget;
  }

  function meetStream(stream: ServerHttp2Stream, refuse: () => void) {
    return stream.endAfterHeaders ? undefined : watch(stream, stream.session!, refuse);
  }

  return {
    meetStream,
    meet(req, res) {
      const refuse = () => refuseBody(req, res);
      if ("stream" in req) return meetStream(req.stream, refuse);
      return announcesBody(req) ? watch(req, req.socket, refuse) : undefined;
    },
  };
}

const announcesBody = ({ headers }: HttpRequest): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";

/** Says that there are too many, and ends what nobody will read. */
export function refuseBody(req: HttpRequest, res: HttpResponse): void {
  if (res.headersSent) return void req.destroy();
  res.once("finish", () => ("stream" in req ? req.stream.close() : req.destroy()));
  if (!("stream" in res)) (res as ServerResponse).shouldKeepAlive = false;
  refuseOverload(res);
}
