import { toJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { ProviderSchema, ProviderService } from "#gen/ostiary/admin/v1/provider_service_pb.js";
import type { Provider } from "#gen/ostiary/admin/v1/provider_service_pb.js";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import type { Command, Operand } from "./command.ts";
import { formatOption, formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import type { Columns } from "./output/table.ts";
import { readTree } from "./read-tree.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";

const common = [...serverOptions, tenantOption];

const providerOperand: Operand = { name: "<id>", summary: "Which provider." };

const list: Command = {
  name: "providers list",
  summary: "Lists the sign-in providers of the configuration file and of the database.",
  options: [...common, ...formatOptions],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, ProviderService);
    const { providers } = await told(client.listProviders({}, forTenant(call)));
    await print.rows(columns, providers, providers.map(shown));
    return 0;
  },
};

const get: Command = {
  name: "providers get",
  operands: [providerOperand],
  summary: "Shows a provider without its secrets.",
  options: [...common, formatOption],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, ProviderService);
    const { provider } = await told(client.getProvider({ id: call.operands[0]! }, forTenant(call)));
    await print.words(() => call.out(JSON.stringify(shown(provider!), undefined, 2)), shown(provider!));
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
  operands: [{ name: "<file>", summary: "The YAML or JSON file that describes it." }],
  summary,
  options: [...common, ...formatOptions],
  async run(call) {
    const print = await printerFor(call);
    const config = readTree(call.operands[0]!);
    const client = await adminClient(call, ProviderService);
    const provider = (await told(keep(client, config, forTenant(call)))).provider!;
    await print.row(columns, provider, shown(provider));
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
  operands: [providerOperand],
  summary: "Deletes a provider from the database.",
  options: common,
  async run(call) {
    const client = await adminClient(call, ProviderService);
    await told(client.deleteProvider({ id: call.operands[0]! }, forTenant(call)));
    return 0;
  },
};

const testLogin: Command = {
  name: "providers test",
  operands: [providerOperand],
  summary: "Checks whether a provider is set up correctly. Exits with 1 if it is not.",
  options: [
    ...common,
    { name: "with", value: "file", summary: "A YAML or JSON file to check in place of the stored provider." },
    ...formatOptions,
  ],
  async run(call) {
    const print = await printerFor(call);
    const { with: file } = call.flags as { readonly with?: string };
    const request = { id: call.operands[0]!, config: file === undefined ? {} : readTree(file) };
    const client = await adminClient(call, ProviderService);
    const { ok, findings } = await told(client.testProvider(request, forTenant(call)));
    const shownFindings = findings.map(({ aspect, ok: fine, fault }) => ({
      aspect,
      ok: fine,
      ...(fault && { fault }),
    }));
    await print.rows(findingColumns, shownFindings, { ok, findings: shownFindings });
    return ok ? 0 : 1;
  },
};

/** `ostiary providers ...` */
export const providerCommands: readonly Command[] = [list, get, create, replace, remove, testLogin];

const shown = (provider: Provider) => toJson(ProviderSchema, provider, { useProtoFieldName: true });

const columns: Columns<Provider> = {
  ID: ({ id }) => id,
  SOURCE: ({ source }) => source,
  PROVIDER: ({ config }) => String(config?.["provider"] ?? ""),
  LABEL: ({ config }) => String(config?.["label"] ?? ""),
};

const findingColumns: Columns<{ readonly aspect: string; readonly ok: boolean; readonly fault?: string }> = {
  ASPECT: ({ aspect }) => aspect,
  FINDING: ({ ok, fault }) => (ok ? "ok" : fault),
};
