import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { ApiKeyService } from "#gen/ostiary/admin/v1/api_key_service_pb.js";
import type { ApiKey } from "#gen/ostiary/admin/v1/api_key_service_pb.js";
import { parseDuration } from "../config/duration.ts";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import type { Command, CommandCall } from "./command.ts";
import { configFiles, configOption } from "./config-files.ts";
import { formatOption, printsJson } from "./format.ts";
import type { ListedKey, WantedKey } from "./local-keys.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";

const options = [
  ...serverOptions,
  { ...configOption, summary: "A configuration file, whose database is used in place of a server." },
  tenantOption,
  formatOption,
];

const create: Command = {
  name: "api-keys create",
  operands: "<name>",
  summary: "Creates a key for the admin API and prints its secret, which is not shown again.",
  options: [
    ...options,
    {
      name: "scope",
      type: "string",
      multiple: true,
      summary: "What it may do, such as identities.read, *.read or *. Can be repeated.",
    },
    { name: "expires-in", type: "string", summary: "After how long it expires, such as 720h. Default: never." },
    { name: "all-tenants", type: "boolean", summary: "Makes it good for all tenants." },
  ],
  async run(call) {
    const json = printsJson(call);
    const wanted = wantedOf(call);
    const made = isLocal(call) ? await (await local()).createLocally(call, wanted) : await createRemotely(call, wanted);
    if (json) call.out(JSON.stringify(made));
    else call.out(made.secret);
    return 0;
  },
};

const list: Command = {
  name: "api-keys list",
  summary: "Lists the keys for the admin API, without their secrets.",
  options,
  async run(call) {
    const json = printsJson(call);
    const keys = isLocal(call) ? await (await local()).listLocally(call) : await listRemotely(call);
    if (json) call.out(JSON.stringify(keys));
    else for (const key of keys) call.out(lineOf(key));
    return 0;
  },
};

const revoke: Command = {
  name: "api-keys revoke",
  operands: "<id>",
  summary: "Revokes a key for the admin API.",
  options,
  async run(call) {
    const id = operandOf(call, "ID");
    if (isLocal(call)) await (await local()).revokeLocally(call, id);
    else await told((await adminClient(call, ApiKeyService)).revokeApiKey({ id }, forTenant(call)));
    return 0;
  },
};

/** `ostiary api-keys ...` */
export const apiKeyCommands: readonly Command[] = [create, list, revoke];

/** The first key is created where no server could be asked without one. */
function isLocal(call: CommandCall): boolean {
  if (configFiles(call).length === 0) return false;
  if (call.flags.endpoint !== undefined) throw new Error("takes either --endpoint or -c.");
  if (call.flags.tenant !== undefined) throw new Error("creates keys of other tenants by a server alone: --endpoint.");
  return true;
}

const local = () => import("./local-keys.ts");

function wantedOf(call: CommandCall): WantedKey {
  const { scope, "expires-in": expiresIn, "all-tenants": allTenants = false } = call.flags;
  const scopes = (scope as string[] | undefined)?.flatMap((some) => some.split(",")).filter(Boolean) ?? [];
  if (scopes.length === 0) throw new Error("needs --scope: what the key may do.");
  const forMs = expiresIn === undefined ? undefined : parseDuration(String(expiresIn));
  if (expiresIn !== undefined && !forMs) throw new Error("--expires-in must be a duration such as 720h.");
  return {
    name: operandOf(call, "name"),
    scopes,
    allTenants: Boolean(allTenants),
    expiresAt: forMs === undefined ? null : new Date(Date.now() + forMs),
  };
}

async function createRemotely(call: CommandCall, { expiresAt, scopes, ...wanted }: WantedKey) {
  const client = await adminClient(call, ApiKeyService);
  const apiKey = { ...wanted, scopes: [...scopes], ...(expiresAt && { expiresAt: timestampFromDate(expiresAt) }) };
  const made = await told(client.createApiKey({ apiKey }, forTenant(call)));
  return { ...shown(made.apiKey!), secret: made.secret };
}

async function listRemotely(call: CommandCall): Promise<ListedKey[]> {
  const client = await adminClient(call, ApiKeyService);
  const all: ApiKey[] = [];
  let pageToken = "";
  do {
    const page = await told(client.listApiKeys({ pageSize: 1000, pageToken }, forTenant(call)));
    all.push(...page.apiKeys);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return all.map(shown);
}

const shown = ({ id, name, hint, scopes, allTenants, expiresAt, lastUsedAt }: ApiKey): ListedKey => ({
  id,
  name,
  hint,
  scopes,
  all_tenants: allTenants,
  ...(expiresAt && { expires_at: timestampDate(expiresAt).toISOString() }),
  ...(lastUsedAt && { last_used_at: timestampDate(lastUsedAt).toISOString() }),
});

const lineOf = ({ id, hint, name, scopes, expires_at: expires, last_used_at: used }: ListedKey): string =>
  [id, `${hint}…`, name, scopes.join(","), `expires ${expires ?? "never"}`, `used ${used ?? "never"}`].join("  ");

function operandOf({ operands }: CommandCall, what: string): string {
  if (operands.length !== 1) throw new Error(`needs exactly one ${what}.`);
  return operands[0]!;
}
