import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { adminClient, serverOptions, told } from "../admin-client.ts";
import type { Command } from "../command.ts";
import { forEach } from "../each.ts";
import { formatOptions } from "../output/format.ts";
import { printerFor } from "../output/print.ts";
import { forTenant, tenantOption } from "../tenant-option.ts";

/** `ostiary identities delete` */
export const deleteCommand: Command = {
  name: "identities delete",
  aliases: ["delete identity"],
  operands: [{ name: "<id...>", summary: "The ids of the identities." }],
  summary:
    "Deletes identities with their sessions, credentials and addresses, and prints the ids of those that it has deleted.",
  options: [...serverOptions, tenantOption, ...formatOptions],
  examples: ["ostiary delete identity $(ostiary ls identities --filter state=inactive -q)"],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, IdentityService);
    const { done, code } = await forEach(call, call.operands, async (id) => {
      await told(client.deleteIdentity({ id }, forTenant(call)));
      return { id };
    });
    const columns = { ID: ({ id }: { id: string }) => id };
    if (call.operands.length === 1 && done[0]) await print.row(columns, done[0]);
    else if (done.length > 0) await print.rows(columns, done);
    return code;
  },
};
