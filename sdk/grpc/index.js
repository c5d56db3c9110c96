import { createContextValues } from "@connectrpc/connect";
import { createMethodUrl, runStreamingCall, runUnaryCall } from "@connectrpc/connect/protocol";
import { Client, compressionAlgorithms, connectivityState, credentials as kinds } from "@grpc/grpc-js";
import { callStream, callUnary } from "./calls.js";
import { retryingBrokenOff } from "./broken-off.js";
import { defaultServiceConfig } from "./service-config.js";
import { authorityOf, isLocal, nameOf } from "./target.js";
import { version } from "../version.js";

export { defaultServiceConfig };

export function createChannelTransport(options) {
  const { target, defaultTimeoutMs, interceptors, waitForReady = false } = options;
  const client = new Client(nameOf(target), credentialsOf(options), channelOptions(options));
  const isPlain = options.tls === false || (options.tls === undefined && isLocal(target));
  const baseUrl = `http${isPlain ? "" : "s"}://${authorityOf(target)}`;
  const metadataOptions = { waitForReady };
  const again = retryingBrokenOff(options);

  // Zero or less is "without one", as of every transport.
  const timeoutOf = (given = defaultTimeoutMs) => (given > 0 ? given : undefined);
  const deadlineOf = (timeoutMs) => (timeoutMs === undefined ? Infinity : Date.now() + timeoutMs);
  const requestOf = (method, header, contextValues) => ({
    service: method.parent,
    method,
    requestMethod: "POST",
    url: createMethodUrl(baseUrl, method),
    header: new Headers(header),
    contextValues: contextValues ?? createContextValues(),
  });

  return {
    unary(method, signal, given, header, message, contextValues) {
      const timeoutMs = timeoutOf(given);
      const deadline = deadlineOf(timeoutMs);
      return runUnaryCall({
        interceptors,
        signal,
        timeoutMs,
        req: { stream: false, ...requestOf(method, header, contextValues), message },
        next: (request) => again(request, () => callUnary(client, request, metadataOptions, deadline)),
      });
    },
    stream(method, signal, given, header, message, contextValues) {
      const timeoutMs = timeoutOf(given);
      const deadline = deadlineOf(timeoutMs);
      return runStreamingCall({
        interceptors,
        signal,
        timeoutMs,
        req: { stream: true, ...requestOf(method, header, contextValues), message },
        next: (request) => callStream(client, request, metadataOptions, deadline),
      });
    },
    get state() {
      return connectivityState[client.getChannel().getConnectivityState(false)].toLowerCase();
    },
    ready(timeoutMs = 10_000) {
      return new Promise((resolve, reject) =>
        client.waitForReady(Date.now() + timeoutMs, (error) => (error ? reject(error) : resolve())),
      );
    },
    close: () => client.close(),
    [Symbol.dispose]: () => client.close(),
  };
}

function credentialsOf({ target, tls, credentials }) {
  if (credentials) return credentials;
  if (!(tls ?? !isLocal(target))) return kinds.createInsecure();
  const { ca, cert, key, checkServerIdentity } = tls === true || tls === undefined ? {} : tls;
  if (!cert !== !key) throw new TypeError("tls: a certificate and its key go together");
  return kinds.createSsl(...[ca, key, cert].map(bytesOf), checkServerIdentity && { checkServerIdentity });
}

const bytesOf = (pem) => (typeof pem === "string" ? Buffer.from(pem) : (pem ?? null));

function channelOptions(options) {
  const { target, tls, keepAlive = {}, compression, maxReceiveBytes = 32 * 1024 * 1024, proxy = true } = options;
  const isList = Array.isArray(target) && target.length > 1;
  return {
    "grpc.primary_user_agent": `ostiary-sdk/${version}`,
    "grpc.service_config": JSON.stringify(options.serviceConfig ?? defaultServiceConfig(options)),
    // What a name server says of how to call is nobody's wish.
    "grpc.service_config_disable_resolution": 1,
    "grpc.max_receive_message_length": maxReceiveBytes,
    "grpc.initial_reconnect_backoff_ms": 250,
    "grpc.max_reconnect_backoff_ms": 10_000,
    "grpc.dns_min_time_between_resolutions_ms": 5000,
    "grpc.enable_channelz": 0,
    // grpc-js would name all servers of a list to the proxy as one.
    "grpc.enable_http_proxy": proxy && !isList ? 1 : 0,
    ...keepAliveOptions(keepAlive),
    ...(tls?.serverName && {
      "grpc.ssl_target_name_override": tls.serverName,
      "grpc.default_authority": tls.serverName,
    }),
    ...(compression && { "grpc.default_compression_algorithm": compressionAlgorithms[compression] }),
    ...options.channelOptions,
  };
}

function keepAliveOptions(keepAlive) {
  if (!keepAlive) return {};
  const { everyMs = 30_000, timeoutMs = 10_000, whileIdle = false } = keepAlive;
  return {
    "grpc.keepalive_time_ms": everyMs,
    "grpc.keepalive_timeout_ms": timeoutMs,
    "grpc.keepalive_permit_without_calls": whileIdle ? 1 : 0,
  };
}
