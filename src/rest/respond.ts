import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type { HttpBody } from "#gen/google/api/httpbody_pb.js";
import type { Problem } from "../errors.ts";
import type { RestCall } from "./call.ts";
import { problemToRest } from "./error.ts";
import { replyHeaders } from "./reply-headers.ts";
import type { Match } from "./route.ts";
import { send, sendJson, type Exchange } from "./send.ts";

/** Answers with what a handler has returned. */
export function respond(
  exchange: Exchange,
  { route }: Match,
  call: RestCall,
  answer: MessageInitShape<DescMessage>,
): void {
  if (call.isNavigation && call.reply.redirect !== undefined) {
    call.reply.headers.set("location", call.reply.redirect);
    return send(exchange, 303, call.reply.headers);
  }
  if (call.reply.location !== undefined) call.reply.headers.set("location", call.reply.location);
  const status = call.reply.status ?? (route.shape?.status || 200);
  if (status === 304) return send(exchange, status, call.reply.headers);
  if (route.responseField?.message?.typeName === "google.api.HttpBody") {
    const { contentType, data } = (answer as Record<string, unknown>)[route.responseField.localName] as HttpBody;
    call.reply.headers.set("content-type", contentType);
    return send(exchange, status, call.reply.headers, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
  if (status === 204 || status === 303) return send(exchange, status, call.reply.headers);
  sendJson(exchange, status, call.reply.headers, route.write(answer));
}

/** Answers with why a call was not done. */
export function respondError(exchange: Exchange, call: RestCall, error: Problem): void {
  const { headers } = call.reply;
  const { location, locationStatus = 303, retryAfter } = error.told;
  if (call.isNavigation && location !== undefined) {
    headers.set("location", location);
    return send(exchange, locationStatus, headers);
  }
  if (retryAfter !== undefined) headers.set("retry-after", String(retryAfter));
  const { status, id, text } = problemToRest(error, call.headers.get("x-request-id") ?? undefined);
  if (id !== undefined) {
    headers.set("ory-error-id", id);
    headers.set("content-type", "application/json");
  }
  sendJson(exchange, call.reply.status ?? status, headers, text);
}

/** Answers with why a request is not even looked at. */
export function respondRefusal(exchange: Exchange, refusal: Problem): void {
  const reply = replyHeaders();
  const { status, id, text } = problemToRest(refusal);
  reply.set("ory-error-id", id ?? "");
  reply.set("content-type", "application/json");
  sendJson(exchange, status, reply, text);
}
