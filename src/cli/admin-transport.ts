import type { Interceptor, Transport } from "@connectrpc/connect";
import { misuse } from "./command.ts";

const patienceMs = 60_000;

/** How a server is reached that an endpoint names: by requests over HTTP, or by a channel of gRPC's to all the addresses that it has. */
export async function transportTo(endpoint: string, interceptors: Interceptor[]): Promise<Transport> {
  const options = { interceptors, defaultTimeoutMs: patienceMs };
  const channel = channelOf(endpoint);
  if (channel) {
    const { createChannelTransport } = await import("#grpc-channel");
    // A command is over before a server's health could change, and a watch would keep it from ending.
    return createChannelTransport({ ...options, ...channel, health: false });
  }
  if (!/^https?:/.test(endpoint) || !URL.canParse(endpoint))
    throw misuse(
      `--endpoint must be the URL of a server (http://, https://, grpc://, grpcs:// or unix:), not ${JSON.stringify(endpoint)}.`,
    );
  const { createConnectTransport } = await import("@connectrpc/connect-node");
  return createConnectTransport({ ...options, baseUrl: endpoint, httpVersion: "1.1" });
}

function channelOf(endpoint: string): { readonly target: string; readonly tls?: boolean } | undefined {
  if (/^unix:\/./.test(endpoint)) return { target: endpoint };
  const [, secure, target] = /^grpc(s?):\/\/([^/?#]+)\/?$/.exec(endpoint) ?? [];
  return target === undefined ? undefined : { target, tls: secure === "s" };
}
