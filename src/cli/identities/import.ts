import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { Identity } from "#gen/ostiary/type/v1/identity_pb.js";
import { adminClient, serverOptions, told } from "../admin-client.ts";
import type { Command, CommandCall, Operand, Option } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOptions } from "../output/format.ts";
import { printerFor } from "../output/print.ts";
import type { Columns } from "../output/table.ts";
import { forTenant, tenantOption } from "../tenant-option.ts";
import { runImport, type Imported } from "./import-run.ts";
import { identityColumns, shownIdentity } from "./shown.ts";

const operands: readonly Operand[] = [
  {
    name: "[file...]",
    summary: "Files with a line of JSON for each identity, an array of them, or one. Default: the standard input.",
  },
];

const options: readonly Option[] = [
  {
    name: "import-id",
    value: "name",
    summary:
      "By which it is known again: what an import of this name has made, it does not make twice. Default: a digest of the files.",
  },
  { name: "dry-run", summary: "Has the server judge everything, and makes nothing." },
  { name: "report", value: "file", summary: "Writes the rows that fail into a file, with the reason for each." },
  ...serverOptions,
  tenantOption,
  ...formatOptions,
];

const columns: Columns<Imported> = {
  CREATED: ({ created }) => created,
  EXISTING: ({ existing }) => existing,
  FAILED: ({ failed }) => failed,
  ROWS: ({ rows }) => rows,
};

/** `ostiary identities import` */
export const importCommand: Command = {
  name: "identities import",
  operands,
  summary: "Imports identities, and tells how many were made, were there already or have failed.",
  details: [
    "An import that was interrupted goes on when it is started again: what it has made by then is passed over.",
    "Exits with 1 if rows have failed. The others are made all the same.",
  ],
  options,
  examples: [
    "ostiary identities import people.ndjson --dry-run --report failed.ndjson",
    "zcat people.ndjson.gz | ostiary identities import --import-id people",
  ],
  async run(call) {
    const print = await printerFor(call);
    const imported = await runImport(call, false);
    const { created, existing, failed, rows } = imported;
    await print.row(columns, imported, { created, existing, failed, rows });
    return codeOf(call, imported);
  },
};

/** `ostiary import identities` */
export const kratosImportCommand: Command = {
  name: "import identities",
  operands,
  summary: "Imports identities as identities import does, and prints them as Kratos does.",
  options,
  examples: ["ostiary import identities file.json --format json"],
  async run(call) {
    const print = await printerFor(call);
    const imported = await runImport(call, true);
    const made = await identitiesOf(call, imported.ids);
    if (made.length === 1) await print.row(identityColumns, made[0]!, shownIdentity(made[0]!));
    else await print.rows(identityColumns, made, made.map(shownIdentity));
    return codeOf(call, imported);
  },
};

function codeOf({ err }: CommandCall, { failed, interrupted }: Imported): number {
  if (interrupted) err("Interrupted. Start it again to go on from here.");
  return failed > 0 || interrupted ? exitCodes.failed : exitCodes.done;
}

const idsAtOnce = 100;

async function identitiesOf(call: CommandCall, ids: readonly string[]): Promise<Identity[]> {
  if (ids.length === 0) return [];
  const client = await adminClient(call, IdentityService);
  const found = new Map<string, Identity>();
  for (let from = 0; from < ids.length; from += idsAtOnce) {
    const some = ids.slice(from, from + idsAtOnce);
    const page = await told(client.listIdentities({ ids: some, pageSize: idsAtOnce }, forTenant(call)));
    for (const identity of page.identities) found.set(identity.id, identity);
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}
