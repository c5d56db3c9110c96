import { toJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import { TenantSchema, TenantService } from "#gen/ostiary/admin/v1/tenant_service_pb.js";
import type { Tenant } from "#gen/ostiary/admin/v1/tenant_service_pb.js";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import type { Command, CommandCall, Option } from "./command.ts";
import { formatOption, printsJson } from "./format.ts";
import { readTree } from "./read-tree.ts";

const host: Option = {
  name: "host",
  type: "string",
  multiple: true,
  summary: "A host name that serves this tenant on the public port. Can be repeated.",
};
const settings: Option = {
  name: "settings",
  type: "string",
  summary: "A YAML or JSON file with settings that override the configuration of the server.",
};

const list: Command = {
  name: "tenants list",
  summary: "Lists the tenants of a server.",
  options: [...serverOptions, formatOption],
  async run(call) {
    const json = printsJson(call);
    const tenants = await allTenants(call);
    if (json) call.out(JSON.stringify(tenants.map(shown)));
    else for (const tenant of tenants) call.out(lineOf(tenant));
    return 0;
  },
};

const get: Command = {
  name: "tenants get",
  operands: "<id or slug>",
  summary: "Shows a tenant and its settings, without secrets.",
  options: [...serverOptions],
  async run(call) {
    const client = await adminClient(call, TenantService);
    const { tenant } = await told(client.getTenant({ id: operandOf(call) }));
    call.out(JSON.stringify(shown(tenant!), null, 2));
    return 0;
  },
};

const create: Command = {
  name: "tenants create",
  operands: "<slug>",
  summary: "Creates a tenant.",
  options: [...serverOptions, host, settings, formatOption],
  async run(call) {
    const json = printsJson(call);
    const client = await adminClient(call, TenantService);
    const made = { slug: operandOf(call), hosts: [...(hostsOf(call) ?? [])], ...settingsOf(call) };
    return print(call, (await told(client.createTenant({ tenant: made }))).tenant!, json);
  },
};

const update: Command = {
  name: "tenants update",
  operands: "<id or slug>",
  summary: "Updates a tenant. What is not given stays unchanged.",
  options: [
    ...serverOptions,
    { name: "slug", type: "string", summary: "A new slug." },
    { ...host, summary: "A host name. Replaces the existing ones. Can be repeated." },
    { name: "state", type: "string", summary: "active or inactive." },
    settings,
    formatOption,
  ],
  async run(call) {
    const json = printsJson(call);
    const client = await adminClient(call, TenantService);
    const { slug, state } = call.flags as { readonly slug?: string; readonly state?: string };
    const names = hostsOf(call);
    const change = { slug, state, ...(names && { hosts: { names: [...names] } }), ...settingsOf(call) };
    return print(call, (await told(client.updateTenant({ id: operandOf(call), tenant: change }))).tenant!, json);
  },
};

const remove: Command = {
  name: "tenants delete",
  operands: "<id or slug>",
  summary: "Deletes an inactive tenant and all of its data.",
  options: [...serverOptions],
  async run(call) {
    const client = await adminClient(call, TenantService);
    await told(client.deleteTenant({ id: operandOf(call) }));
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

function print(call: CommandCall, tenant: Tenant, json: boolean): number {
  call.out(json ? JSON.stringify(shown(tenant)) : lineOf(tenant));
  return 0;
}

const lineOf = ({ id, slug, state, hosts }: Tenant): string => [id, state.padEnd(8), slug, ...hosts].join("  ");

function operandOf({ operands }: CommandCall): string {
  if (operands.length !== 1) throw new Error("needs exactly one tenant.");
  return operands[0]!;
}

const hostsOf = ({ flags }: CommandCall): readonly string[] | undefined => flags.host as readonly string[] | undefined;

function settingsOf({ flags }: CommandCall): { readonly config?: JsonObject } {
  if (flags.settings === undefined) return {};
  return { config: readTree(String(flags.settings)) };
}
