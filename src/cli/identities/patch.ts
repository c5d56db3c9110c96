import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { adminClient, serverOptions, told } from "../admin-client.ts";
import { misuse, type Command, type CommandCall } from "../command.ts";
import { readInput } from "../input.ts";
import { formatOptions } from "../output/format.ts";
import { printerFor } from "../output/print.ts";
import { forTenant, tenantOption } from "../tenant-option.ts";
import { identityColumns, shownIdentity } from "./shown.ts";

/** A change, as in RFC 6902. */
interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: JsonValue;
}

/** `ostiary identities patch` */
export const patchCommand: Command = {
  name: "identities patch",
  operands: [
    { name: "<id>", summary: "The id of the identity." },
    { name: "[file]", summary: "A JSON patch (RFC 6902); - for the standard input." },
  ],
  summary: "Changes parts of an identity: by a JSON patch, by --set and --unset, in this order.",
  options: [
    {
      name: "set",
      value: "pointer=value",
      multiple: true,
      summary: "Sets what a pointer leads to, such as /traits/name/first=Ada. The value is JSON, else a text.",
      read: readSet,
    },
    {
      name: "unset",
      value: "pointer",
      multiple: true,
      summary: "Removes what a pointer leads to, such as /metadata_public/plan.",
      read: readUnset,
    },
    ...serverOptions,
    tenantOption,
    ...formatOptions,
  ],
  examples: [
    "ostiary identities patch $ID --set /state=inactive",
    "ostiary identities patch $ID --set /metadata_admin='{\"plan\": 7}'",
  ],
  async run(call) {
    const print = await printerFor(call);
    const patch = (await operationsOf(call)).map(({ op, path, value }) => ({
      op,
      path,
      ...(value !== undefined && { value: fromJson(ValueSchema, value) }),
    }));
    const client = await adminClient(call, IdentityService);
    const { identity } = await told(client.patchIdentity({ id: call.operands[0]!, patch }, forTenant(call)));
    await print.row(identityColumns, identity!, shownIdentity(identity!));
    return 0;
  },
};

function readSet(typed: string): Operation {
  const at = typed.indexOf("=");
  if (at < 0 || !typed.startsWith("/")) throw new Error("must be a pointer and a value, such as /state=inactive.");
  const text = typed.slice(at + 1);
  let value: JsonValue = text;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    // A text that is no JSON stands for itself.
  }
  return { op: "add", path: typed.slice(0, at), value };
}

function readUnset(typed: string): Operation {
  if (!typed.startsWith("/")) throw new Error("must be a pointer, such as /metadata_public/plan.");
  return { op: "remove", path: typed };
}

async function operationsOf(call: CommandCall): Promise<Operation[]> {
  const { set = [], unset = [] } = call.flags as Record<string, Operation[]>;
  const [, file] = call.operands;
  const operations = [...(file === undefined ? [] : await patchIn(call, file)), ...set, ...unset];
  if (operations.length === 0) throw misuse("needs a change: a JSON patch, --set or --unset.");
  return operations;
}

async function patchIn(call: CommandCall, file: string): Promise<Operation[]> {
  const text = await readInput(call, file);
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not valid JSON`, { cause });
  }
  const fits = (one: unknown) => typeof one === "object" && one !== null && "op" in one && "path" in one;
  if (!Array.isArray(patch) || !patch.every(fits))
    throw new Error(`${file} is no JSON patch: it must be a list of operations, each with op and path.`);
  return patch as Operation[];
}
