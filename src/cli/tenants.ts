import { toJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import { TenantSchema, TenantService } from "#gen/ostiary/admin/v1/tenant_service_pb.js";
import type { Tenant } from "#gen/ostiary/admin/v1/tenant_service_pb.js";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import type { Command, CommandCall, Operand, Option } from "./command.ts";
import { formatOption, formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import type { Columns } from "./output/table.ts";
import { readTree } from "./read-tree.ts";

const host: Option = {
  name: "host",
  value: "name",
  multiple: true,
  summary: "A host name that serves this tenant on the public port.",
};
const settings: Option = {
  name: "settings",
  value: "file",
  summary: "A YAML or JSON file with settings that override the configuration of the server.",
};

const tenantOperand: Operand = { name: "<id or slug>", summary: "Which tenant." };

const list: Command = {
  name: "tenants list",
  summary: "Lists the tenants of a server.",
  options: [...serverOptions, ...formatOptions],
  async run(call) {
    const print = await printerFor(call);
    const tenants = await allTenants(call);
    await print.rows(columns, tenants, tenants.map(shown));
    return 0;
  },
};

const get: Command = {
  name: "tenants get",
  operands: [tenantOperand],
  summary: "Shows a tenant and its settings, without secrets.",
  options: [...serverOptions, formatOption],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, TenantService);
    const { tenant } = await told(client.getTenant({ id: call.operands[0]! }));
    await print.words(() => call.out(JSON.stringify(shown(tenant!), undefined, 2)), shown(tenant!));
    return 0;
  },
};

const create: Command = {
  name: "tenants create",
  operands: [{ name: "<slug>", summary: "What it is called in addresses." }],
  summary: "Creates a tenant.",
  options: [...serverOptions, host, settings, ...formatOptions],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, TenantService);
    const made = { slug: call.operands[0]!, hosts: [...(hostsOf(call) ?? [])], ...settingsOf(call) };
    const tenant = (await told(client.createTenant({ tenant: made }))).tenant!;
    await print.row(columns, tenant, shown(tenant));
    return 0;
  },
};

const update: Command = {
  name: "tenants update",
  operands: [tenantOperand],
  summary: "Updates a tenant. What is not given stays unchanged.",
  options: [
    ...serverOptions,
    { name: "slug", value: "slug", summary: "A new slug." },
    { ...host, summary: "A host name. Replaces the existing ones." },
    { name: "state", value: "state", summary: "Whether it is served.", choices: ["active", "inactive"] },
    settings,
    ...formatOptions,
  ],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, TenantService);
    const { slug, state } = call.flags as { readonly slug?: string; readonly state?: string };
    const names = hostsOf(call);
    const change = { slug, state, ...(names && { hosts: { names: [...names] } }), ...settingsOf(call) };
    const tenant = (await told(client.updateTenant({ id: call.operands[0]!, tenant: change }))).tenant!;
    await print.row(columns, tenant, shown(tenant));
    return 0;
  },
};

const remove: Command = {
  name: "tenants delete",
  operands: [tenantOperand],
  summary: "Deletes an inactive tenant and all of its data.",
  options: [...serverOptions],
  async run(call) {
    const client = await adminClient(call, TenantService);
    await told(client.deleteTenant({ id: call.operands[0]! }));
    return 0;
  },
};

/** `ostiary tenants ...` */
export const tenantCommands: readonly Command[] = [list, get, create, update, remove];

async function allTenants(call: CommandCall): Promise<Tenant[]> {
  const client = await adminClient(call, TenantService);
  const all: Tenant[] = [];
  let pageToken = "";
  do {
    const page = await told(client.listTenants({ pageSize: 1000, pageToken }));
    all.push(...page.tenants);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return all;
}

const shown = (tenant: Tenant) => toJson(TenantSchema, tenant, { useProtoFieldName: true });

const columns: Columns<Tenant> = {
  ID: ({ id }) => id,
  SLUG: ({ slug }) => slug,
  STATE: ({ state }) => state,
  HOSTS: ({ hosts }) => hosts.join(", "),
};

const hostsOf = ({ flags }: CommandCall): readonly string[] | undefined => flags.host as readonly string[] | undefined;

function settingsOf({ flags }: CommandCall): { readonly config?: JsonObject } {
  if (flags.settings === undefined) return {};
  return { config: readTree(String(flags.settings)) };
}
