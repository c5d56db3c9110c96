import type { ClientsConfig } from "../../config/outgoing-config.ts";
import { callOut } from "../../outgoing/request.ts";

const timeoutMs = 5_000;
const mostBytes = 256 * 1024;

/** The `fetch` of the provider, for what clients name: their keys, and where they are told of sign-outs. It goes where other calls may. */
export const callSafely =
  (clients: ClientsConfig) =>
  async (input: string | Request | URL, { method = "GET", headers, body }: RequestInit = {}): Promise<Response> => {
    const answer = await callOut(
      {
        url: input instanceof Request ? input.url : String(input),
        method,
        headers: Object.fromEntries(new Headers(headers)),
        ...(body != null && { body: String(body) }),
      },
      { timeoutMs, mostBytes, clients },
    );
    const empty = answer.status === 204 || answer.status === 304;
    return new Response(empty ? null : new Uint8Array(answer.body), {
      status: answer.status,
      headers: Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, [value].flat().join(", ")]],
      ),
    });
  };
