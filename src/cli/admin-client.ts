import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import type { Client, Interceptor } from "@connectrpc/connect";
import { ProblemSchema } from "#gen/ostiary/type/v1/problem_pb.js";
import { transportTo } from "./admin-transport.ts";
import type { CommandCall, Option } from "./command.ts";

/** The flag that says which server a command speaks to. */
export const endpointOption: Option = {
  name: "endpoint",
  short: "e",
  value: "url",
  summary:
    "The admin API of a server: https://, http://, grpcs://host:port, grpc:// or unix:/path. Default: the variable KRATOS_ADMIN_URL, or http://127.0.0.1:4434.",
};

/** The flag with the key by which a command speaks to a server. */
export const tokenOption: Option = {
  name: "token",
  value: "key",
  summary: "An API key, where the server asks for one. Better in the variable ADMIN_TOKEN: others see what is typed.",
};

/** The flags that say which server a command speaks to, and by which key. */
export const serverOptions: readonly Option[] = [endpointOption, tokenOption];

/** A client of a service of the admin API. */
export async function adminClient<S extends DescService>(
  { flags, environment }: CommandCall,
  service: S,
): Promise<Client<S>> {
  const endpoint = String(flags.endpoint ?? environment.KRATOS_ADMIN_URL ?? "http://127.0.0.1:4434");
  const token = flags.token ?? environment.ADMIN_TOKEN;
  const withToken: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${String(token)}`);
    return next(request);
  };
  return createClient(service, await transportTo(endpoint, token ? [withToken] : []));
}

/** Throws in a sentence what a server has refused, or that there is none. */
export async function told<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    const error = ConnectError.from(thrown);
    const reason = error.findDetails(ProblemSchema)[0]?.reason;
    if (!reason && error.code === Code.Unavailable) throw new Error("The server cannot be reached", { cause: error });
    // The sentence is whole: what it was made of would only repeat it.
    throw new Error(reason || error.rawMessage);
  }
}
