import type { DescMessage, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { Context } from "../context.ts";
import type { Received } from "../rest/json-lines.ts";

/** The handlers of a service's calls, by name. A call without one is answered as not implemented. */
export type Handlers<S extends DescService> = {
  readonly [M in keyof S["method"]]?: S["method"][M] extends { input: infer I; output: infer O; methodKind: infer K }
    ? K extends "unary"
      ? (
          request: MessageShape<Extract<I, DescMessage>>,
          ctx: Context,
        ) => Promise<MessageInitShape<Extract<O, DescMessage>>>
      : K extends "server_streaming"
        ? (
            request: MessageShape<Extract<I, DescMessage>>,
            ctx: Context,
            until: AbortSignal,
          ) => AsyncIterable<MessageInitShape<Extract<O, DescMessage>>>
        : K extends "client_streaming"
          ? (
              requests: AsyncIterable<Received<MessageShape<Extract<I, DescMessage>>>>,
              ctx: Context,
            ) => Promise<MessageInitShape<Extract<O, DescMessage>>>
          : never
    : never;
};

/** A service and what serves it. */
export interface Service {
  readonly desc: DescService;
  readonly handlers: Readonly<Record<string, Handler | undefined>>;
}

/** Answers a call. */
export type Answers = (request: never, ctx: Context) => Promise<Record<string, unknown>>;
/** Answers a call by a stream. */
export type Streams = (request: never, ctx: Context, until: AbortSignal) => AsyncIterable<Record<string, unknown>>;
/** Answers a call that comes as a stream. */
export type Receives = (requests: AsyncIterable<never>, ctx: Context) => Promise<Record<string, unknown>>;
/** Serves a call. */
export type Handler = Answers | Streams | Receives;

/**
 * Puts handlers to the service that they serve.
 *
 * @example
 * export const metadataService = defineService(MetadataService, {
 *   async getVersion(request, ctx) {
 *     return { version: serverVersion() };
 *   },
 * });
 */
export const defineService = <S extends DescService>(desc: S, handlers: Handlers<S>): Service => ({
  desc,
  handlers: handlers as Service["handlers"],
});
