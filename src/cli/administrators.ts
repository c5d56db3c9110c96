import { AdministratorRole, AdministratorService } from "#gen/ostiary/admin/v1/administrator_service_pb.js";
import type { Administrator } from "#gen/ostiary/admin/v1/administrator_service_pb.js";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import { misuse, type Command, type CommandCall, type Operand } from "./command.ts";
import { configOption } from "./config-files.ts";
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import type { Columns } from "./output/table.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";

const create: Command = {
  name: "admin create",
  operands: [{ name: "<e-mail address>", summary: "Whose account it is, or becomes." }],
  summary: "Makes somebody an owner, with an account if they have none, and prints a link to get in. Needs no server.",
  options: [
    configOption,
    { name: "traits", value: "json", summary: "More traits of a new account, as JSON." },
    ...formatOptions,
  ],
  async run(call) {
    const printer = await printerFor(call);
    const address = call.operands[0]!;
    const traits = traitsOf(call);
    const [{ onDatabase }, { makeOwner }, { linkFor }] = await Promise.all([
      import("./local-server.ts"),
      import("../access/first-owner.ts"),
      import("./link-for.ts"),
    ]);
    const made = await onDatabase(call, async (ctx) => {
      const owner = await makeOwner(ctx, address, traits);
      return {
        identity_id: owner.identityId,
        created: owner.isNew,
        ...(await linkFor(ctx, owner.identityId)),
        console: new URL("console/", ctx.config.serve.admin.base_url).href,
      };
    });
    await printer.words(() => print(call, address, made), made);
    return 0;
  },
};

interface Made {
  readonly created: boolean;
  readonly identity_id: string;
  readonly link?: string;
  readonly code?: string;
  readonly console: string;
}

function print({ out }: CommandCall, address: string, { created, identity_id: id, link, code, console }: Made): void {
  out(`${address} is an owner (${id}${created ? ", a new account" : ""}).`);
  if (link) out(`Open this once to set a password or a passkey: ${link}`);
  if (code) out(`The code to enter there: ${code}`);
  if (!link) out("Recovery is disabled, so there is no link to get in by: use the sign-in methods of the account.");
  out(`The console: ${console}`);
}

function traitsOf({ flags }: CommandCall): Record<string, unknown> {
  if (flags.traits === undefined) return {};
  try {
    const traits: unknown = JSON.parse(String(flags.traits));
    if (typeof traits === "object" && traits !== null && !Array.isArray(traits))
      return traits as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw misuse("--traits must be a JSON object.");
}

const list: Command = {
  name: "admin list",
  summary: "Lists the administrators.",
  options: [...serverOptions, tenantOption, ...formatOptions],
  async run(call) {
    const printer = await printerFor(call);
    const client = await adminClient(call, AdministratorService);
    const all: Administrator[] = [];
    let pageToken = "";
    do {
      const page = await told(client.listAdministrators({ pageSize: 1000, pageToken }, forTenant(call)));
      all.push(...page.administrators);
      pageToken = page.nextPageToken;
    } while (pageToken);
    const shown = all.map(({ identityId, role }) => ({ identity_id: identityId, role: wordFor(role) }));
    await printer.rows(columns, shown);
    return 0;
  },
};

// An enum of TypeScript knows its numbers by name as well: a number would pass for a role.
const roles: ReadonlyMap<string, AdministratorRole> = new Map([
  ["owner", AdministratorRole.OWNER],
  ["admin", AdministratorRole.ADMIN],
  ["support", AdministratorRole.SUPPORT],
  ["viewer", AdministratorRole.VIEWER],
]);

const identityOperand: Operand = { name: "<identity>", summary: "The id of the identity." };

const columns: Columns<{ readonly identity_id: string; readonly role: string }> = {
  "IDENTITY ID": (of) => of.identity_id,
  ROLE: (of) => of.role,
};

const grant: Command = {
  name: "admin grant",
  operands: [identityOperand, { name: "<role>", summary: "What they may do.", choices: [...roles.keys()] }],
  summary: "Gives an identity a role.",
  options: [...serverOptions, tenantOption],
  async run(call) {
    const [identityId = "", word = ""] = call.operands;
    const role = roles.get(word)!;
    const client = await adminClient(call, AdministratorService);
    await told(client.grantAdministrator({ identityId, administrator: { role } }, forTenant(call)));
    return 0;
  },
};

const revoke: Command = {
  name: "admin revoke",
  operands: [identityOperand],
  summary: "Takes the role of an identity away.",
  options: [...serverOptions, tenantOption],
  async run(call) {
    const client = await adminClient(call, AdministratorService);
    await told(client.revokeAdministrator({ identityId: call.operands[0]! }, forTenant(call)));
    return 0;
  },
};

/** `ostiary admin ...` */
export const administratorCommands: readonly Command[] = [create, list, grant, revoke];

const wordFor = (role: AdministratorRole): string => AdministratorRole[role].toLowerCase();
