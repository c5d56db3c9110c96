import type { DescService, Message } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import type { Client, ServiceImpl } from "@connectrpc/connect";
import type { Context } from "../context.ts";
import { toConnectError } from "../server/connect-error.ts";
import type { Service } from "../server/dispatch.ts";

/** A client of a service that is served in this process, without a port. */
export function localClient<S extends DescService>(desc: S, { handlers }: Service, ctx: Context): Client<S> {
  type Handle = (request: Message, ctx: Context, until: AbortSignal) => unknown;
  const served = desc.methods.map(({ localName, methodKind }) => {
    const handle = handlers[localName] as Handle;
    const serve =
      methodKind === "server_streaming"
        ? (request: Message, { signal }: { signal: AbortSignal }) =>
            telling(handle(request, ctx, signal) as AsyncIterable<object>)
        : async (request: Message) => {
            try {
              return await handle(request, ctx, AbortSignal.any([]));
            } catch (error) {
              throw toConnectError(error);
            }
          };
    return [localName, serve];
  });
  const transport = createRouterTransport(({ service }) =>
    service(desc, Object.fromEntries(served) as Partial<ServiceImpl<S>>),
  );
  return createClient(desc, transport);
}

async function* telling(answers: AsyncIterable<object>): AsyncIterable<object> {
  try {
    yield* answers;
  } catch (error) {
    throw toConnectError(error);
  }
}
