import type { CustomFetchOptions } from "oauth4webapi";
import type { Context } from "../context.ts";
import { callOut } from "../outgoing/request.ts";

const timeoutMs = 8000;
const mostBytes = 1_048_576;

type Asked = Pick<CustomFetchOptions<string, unknown>, "method" | "headers" | "body">;

/** A fetch for calls to providers: it goes where the configuration lets calls go, and takes neither long nor much. */
export const fetchFor =
  ({ config }: Pick<Context, "config">) =>
  async (url: string, { method, headers, body }: Asked): Promise<Response> => {
    const {
      status,
      headers: given,
      body: bytes,
    } = await callOut(
      { url, method, headers, ...(body !== undefined && body !== null && { body: String(body) }) },
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
