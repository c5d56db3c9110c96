import type { OutgoingRequest } from "../config/outgoing-config.ts";
import { headersOf } from "../outgoing/headers.ts";
import { callOut } from "../outgoing/request.ts";
import type { Deliver } from "./delivery.ts";
import { bodyOf } from "./http-body.ts";

const timeoutMs = 10_000;
const mostBytes = 64 * 1024;
const bodiless = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Hands messages over to an HTTP service: any answer of 2xx means that it took the message. */
export function httpDelivery(request: OutgoingRequest): Deliver {
  const method = request.method.toUpperCase();
  return async (message, { clients, signal }) => {
    const body = bodiless.has(method) ? undefined : await bodyOf(message, request, clients);
    const headers = headersOf(request);
    const answer = await callOut(
      { url: request.url, method, headers, ...(body !== undefined && { body }) },
      { timeoutMs, mostBytes, clients, signal },
    );
    if (answer.status < 200 || answer.status > 299)
      throw new Error(`${new URL(request.url).host} answered ${answer.status}.`);
  };
}
