import { toJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { ProviderSchema, ProviderService } from "#gen/ostiary/admin/v1/provider_service_pb.js";
import type { Provider } from "#gen/ostiary/admin/v1/provider_service_pb.js";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import type { Command, CommandCall } from "./command.ts";
import { formatOption, printsJson } from "./format.ts";
import { readTree } from "./read-tree.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";

const common = [...serverOptions, tenantOption];

const list: Command = {
  name: "providers list",
  summary: "Lists the sign-in providers of the configuration file and of the database.",
  options: [...common, formatOption],
  async run(call) {
    const json = printsJson(call);
    const client = await adminClient(call, ProviderService);
    const { providers } = await told(client.listProviders({}, forTenant(call)));
    if (json) call.out(JSON.stringify(providers.map(shown)));
    else for (const provider of providers) call.out(lineOf(provider));
    return 0;
  },
};

const get: Command = {
  name: "providers get",
  operands: "<id>",
  summary: "Shows a provider without its secrets.",
  options: common,
  async run(call) {
    const client = await adminClient(call, ProviderService);
    const { provider } = await told(client.getProvider({ id: operandOf(call, "provider") }, forTenant(call)));
    call.out(JSON.stringify(shown(provider!), null, 2));
    return 0;
  },
};

type ProviderClient = Client<typeof ProviderService>;
type CallOptions = ReturnType<typeof forTenant>;

/** A command that keeps a provider as a file describes it. */
const keeping = (
  name: string,
  summary: string,
  keep: (client: ProviderClient, config: JsonObject, options: CallOptions) => Promise<{ readonly provider?: Provider }>,
): Command => ({
  name,
  operands: "<file>",
  summary,
  options: [...common, formatOption],
  async run(call) {
    const json = printsJson(call);
    const config = readTree(operandOf(call, "file"));
    const client = await adminClient(call, ProviderService);
    const provider = (await told(keep(client, config, forTenant(call)))).provider!;
    call.out(json ? JSON.stringify(shown(provider)) : lineOf(provider));
    return 0;
  },
});

const create = keeping(
  "providers create",
  "Creates a provider in the database from a YAML or JSON file.",
  (client, config, options) => client.createProvider({ config }, options),
);

const replace = keeping(
  "providers replace",
  "Replaces a provider in the database. Secrets given as *** stay unchanged.",
  (client, config, options) => client.replaceProvider({ id: String(config["id"]), config }, options),
);

const remove: Command = {
  name: "providers delete",
  operands: "<id>",
  summary: "Deletes a provider from the database.",
  options: common,
  async run(call) {
    const client = await adminClient(call, ProviderService);
    await told(client.deleteProvider({ id: operandOf(call, "provider") }, forTenant(call)));
    return 0;
  },
};

const testLogin: Command = {
  name: "providers test",
  operands: "<id>",
  summary: "Checks whether a provider is set up correctly. Exits with 1 if it is not.",
  options: [
    ...common,
    { name: "with", type: "string", summary: "A YAML or JSON file to check in place of the stored provider." },
  ],
  async run(call) {
    const { with: file } = call.flags as { readonly with?: string };
    const request = { id: operandOf(call, "provider"), config: file === undefined ? {} : readTree(file) };
    const client = await adminClient(call, ProviderService);
    const { ok, findings } = await told(client.testProvider(request, forTenant(call)));
    for (const { aspect, ok: fine, fault } of findings) call.out(`${aspect.padEnd(10)}  ${fine ? "ok" : fault}`);
    return ok ? 0 : 1;
  },
};

/** `ostiary providers ...` */
export const providerCommands: readonly Command[] = [list, get, create, replace, remove, testLogin];

const shown = (provider: Provider) => toJson(ProviderSchema, provider, { useProtoFieldName: true });

const lineOf = ({ id, source, config }: Provider): string =>
  [source.padEnd(8), id, String(config?.["provider"] ?? ""), ...(config?.["label"] ? [config["label"]] : [])].join(
    "  ",
  );

function operandOf({ operands }: CommandCall, what: string): string {
  if (operands.length !== 1) throw new Error(`needs exactly one ${what}.`);
  return operands[0]!;
}
