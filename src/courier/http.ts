import type { OutgoingAuth, OutgoingRequest } from "../config/outgoing-config.ts";
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
    const headers = { "content-type": "application/json", ...lowerCased(request.headers), ...credentials(request.auth) };
    const answer = await callOut({ url: request.url, method, headers, ...(body !== undefined && { body }) }, { timeoutMs, mostBytes, clients, signal });
    if (answer.status < 200 || answer.status > 299) throw new Error(`${new URL(request.url).host} answered ${answer.status}.`);
  };
}

const lowerCased = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function credentials(auth: OutgoingAuth | undefined): Record<string, string> {
  if (auth?.type === "basic_auth") {
    const { user, password } = auth.config;
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  }
  if (auth?.type !== "api_key") return {};
  const { name, value, in: place } = auth.config;
  return place === "header" ? { [name.toLowerCase()]: value } : { cookie: `${name}=${value}` };
}
