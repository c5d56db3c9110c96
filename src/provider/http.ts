import type { CustomFetchOptions } from "oauth4webapi";
import type { Context } from "../context.ts";
import { callOut } from "../outgoing/request.ts";

const timeoutMs = 8000;
const mostBytes = 1_048_576;

/** What a call to a provider needs to know. */
export type OutboundContext = Pick<Context, "config" | "now" | "rewriteUrl">;

type Asked = Pick<CustomFetchOptions<string, unknown>, "method" | "headers" | "body">;

/** A fetch for calls to providers: it goes where the configuration lets calls go, and takes neither long nor much. */
export const fetchFor =
  ({ config, rewriteUrl = (url) => url }: OutboundContext) =>
  async (url: string, { method, headers, body }: Asked): Promise<Response> => {
    const {
      status,
      headers: given,
      body: bytes,
    } = await callOut(
      { url: rewriteUrl(url), method, headers, ...(body !== undefined && body !== null && { body: String(body) }) },
      { timeoutMs, mostBytes, clients: config.clients },
    );
    const answered = Object.entries(given).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    );
    // Some statuses take no body (RFC 9110, section 15.3.5), and those below 200 are no answers.
    return new Response(bytes.length > 0 ? new Uint8Array(bytes) : null, {
      status: Math.max(status, 200),
      headers: answered,
    });
  };

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** Asks for an object of JSON. Throws if the answer is anything else. */
export const getJson = async (
  ctx: OutboundContext,
  url: string,
  headers?: Readonly<Record<string, string>>,
): Promise<Json> => asObject(await getAny(ctx, url, headers), new URL(url).host);

/** Asks for a list of objects of JSON. Throws if the answer is anything else. */
export async function getJsonList(
  ctx: OutboundContext,
  url: string,
  headers?: Readonly<Record<string, string>>,
): Promise<Json[]> {
  const list = await getAny(ctx, url, headers);
  const { host } = new URL(url);
  if (!Array.isArray(list)) throw new Error(`${host} did not return a list.`);
  return list.map((item) => asObject(item, host));
}

async function getAny(
  ctx: OutboundContext,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const answer = await fetchFor(ctx)(url, {
    method: "GET",
    // Some answer nobody who does not say what they are.
    headers: { accept: "application/json", "user-agent": "Ostiary", ...headers },
    body: undefined,
  });
  if (answer.status !== 200) throw new Error(`${new URL(url).host} responded with status ${answer.status}.`);
  return JSON.parse(await answer.text());
}

/** What has been read as JSON, if it is an object. */
export function asObject(value: unknown, from: string): Json {
  if (isObject(value)) return value;
  throw new Error(`${from} did not return an object.`);
}

/** Whether something of JSON is an object. */
export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
