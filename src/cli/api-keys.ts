import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { ApiKeyService } from "#gen/ostiary/admin/v1/api_key_service_pb.js";
import type { ApiKey } from "#gen/ostiary/admin/v1/api_key_service_pb.js";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import { misuse, type Command, type CommandCall } from "./command.ts";
import { isLocal, localOption } from "./is-local.ts";
import type { ListedKey, WantedKey } from "./local-keys.ts";
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import type { Columns } from "./output/table.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";
import { duration } from "./values.ts";

const options = [...serverOptions, localOption, tenantOption, ...formatOptions];

const create: Command = {
  name: "api-keys create",
  operands: [{ name: "<name>", summary: "What it is called." }],
  summary: "Creates a key for the admin API and prints its secret, which is not shown again.",
  options: [
    ...options,
    {
      name: "scope",
      value: "scope",
      multiple: true,
      summary: "What it may do, such as identities.read, *.read or *.",
    },
    {
      name: "expires-in",
      value: "duration",
      summary: "After how long it expires, such as 720h. Default: never.",
      read: duration,
    },
    { name: "all-tenants", summary: "Makes it good for all tenants." },
  ],
  async run(call) {
    const print = await printerFor(call);
    const wanted = wantedOf(call);
    const made = isWithoutServer(call)
      ? await (await local()).createLocally(call, wanted)
      : await createRemotely(call, wanted);
    await print.words(() => call.out(made.secret), made);
    return 0;
  },
};

const list: Command = {
  name: "api-keys list",
  summary: "Lists the keys for the admin API, without their secrets.",
  options,
  async run(call) {
    const print = await printerFor(call);
    const keys = isWithoutServer(call) ? await (await local()).listLocally(call) : await listRemotely(call);
    await print.rows(columns, keys);
    return 0;
  },
};

const revoke: Command = {
  name: "api-keys revoke",
  operands: [{ name: "<id>", summary: "Which key." }],
  summary: "Revokes a key for the admin API.",
  options,
  async run(call) {
    const id = call.operands[0]!;
    if (isWithoutServer(call)) await (await local()).revokeLocally(call, id);
    else await told((await adminClient(call, ApiKeyService)).revokeApiKey({ id }, forTenant(call)));
    return 0;
  },
};

/** `ostiary api-keys ...` */
export const apiKeyCommands: readonly Command[] = [create, list, revoke];

/** The first key is created where no server could be asked without one. */
function isWithoutServer(call: CommandCall): boolean {
  if (!isLocal(call)) return false;
  if (call.flags.tenant !== undefined) throw misuse("creates keys of other tenants by a server alone: --endpoint.");
  return true;
}

const local = () => import("./local-keys.ts");

function wantedOf(call: CommandCall): WantedKey {
  const { scope, "expires-in": expiresIn, "all-tenants": allTenants = false } = call.flags;
  const scopes = (scope as string[] | undefined)?.flatMap((some) => some.split(",")).filter(Boolean) ?? [];
  if (scopes.length === 0) throw misuse("needs --scope: what the key may do.");
  const forMs = expiresIn as number | undefined;
  if (forMs === 0) throw misuse("--expires-in must be longer than nothing.");
  return {
    name: call.operands[0]!,
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

const columns: Columns<ListedKey> = {
  ID: ({ id }) => id,
  NAME: ({ name }) => name,
  HINT: ({ hint }) => `${hint}…`,
  SCOPES: ({ scopes }) => scopes.join(", "),
  EXPIRES: (key) => key.expires_at ?? "never",
  USED: (key) => key.last_used_at ?? "never",
};
