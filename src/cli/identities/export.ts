import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import { adminClient, serverOptions, told } from "../admin-client.ts";
import type { Command } from "../command.ts";
import { formatOption } from "../output/format.ts";
import { printerFor } from "../output/print.ts";
import { forTenant, tenantOption } from "../tenant-option.ts";

/** `ostiary identities export` */
export const exportCommand: Command = {
  name: "identities export",
  operands: [{ name: "<id>", summary: "The id of the identity." }],
  summary: "Exports all that is known of a person, without secrets: what somebody is handed who asks for their data.",
  options: [...serverOptions, tenantOption, formatOption],
  examples: ["ostiary identities export $ID > ada.json"],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, IdentityService);
    const { account } = await told(client.exportIdentity({ id: call.operands[0]! }, forTenant(call)));
    await print.words(() => call.out(JSON.stringify(account, undefined, 2)), account);
    return 0;
  },
};
