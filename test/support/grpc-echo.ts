import { createServer } from "node:http2";
import type { Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { Health, HealthCheckResponse_ServingStatus as Status } from "#gen/grpc/health/v1/health_pb.js";
import { SessionService } from "#gen/ostiary/public/v1/session_service_pb.js";

/** A server of gRPC's that is told what to say of its health, and to whom calls can be seen to go. */
export interface EchoServer {
  readonly port: number;
  /** Calls that it was asked to answer, and what each said. */
  readonly calls: readonly Headers[];
  /** What it says of itself from now on; whether that is known at all. */
  setHealth(status: Status | "unimplemented"): void;
  /** How many watch it. */
  watchers(): number;
  /** What happens to a call before it is answered. */
  beforeAnswer: () => Promise<void> | void;
}

/** Starts a server that answers each exchange of codes with headers and trailers of its own. */
export async function startEcho(t: TestContext): Promise<EchoServer> {
  const calls: Headers[] = [];
  let health: Status | "unimplemented" = Status.SERVING;
  let changed = Promise.withResolvers<void>();
  let watching = 0;
  const echo = {
    calls,
    setHealth(status: typeof health) {
      health = status;
      changed.resolve();
      changed = Promise.withResolvers();
    },
    watchers: () => watching,
    beforeAnswer: (): Promise<void> | void => undefined,
  };
  const server = createServer(
    connectNodeAdapter({
      routes(router) {
        router.service(SessionService, {
          async exchangeSessionToken({ initCode }, { requestHeader, responseHeader, responseTrailer }) {
            calls.push(new Headers(requestHeader));
            await echo.beforeAnswer();
            responseHeader.set("x-begins", requestHeader.get("x-says") ?? "");
            responseTrailer.set("x-ends-bin", requestHeader.get("x-bytes-bin") ?? "");
            return { sessionToken: initCode };
          },
          async toSession() {
            await echo.beforeAnswer();
            return {};
          },
        });
        router.service(Health, {
          async *watch(_request, { signal }) {
            if (health === "unimplemented") throw new ConnectError("no health here", Code.Unimplemented);
            watching++;
            const gone = new Promise<void>((done) => signal.addEventListener("abort", () => done()));
            while (!signal.aborted) {
              yield { status: health as Status };
              await Promise.race([changed.promise, gone]);
            }
            watching--;
          },
        });
      },
    }),
  );
  await listening(server);
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => void sessions.add(session));
  t.after(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return Object.assign(echo, { port: (server.address() as AddressInfo).port });
}

const listening = (server: Http2Server) => new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
