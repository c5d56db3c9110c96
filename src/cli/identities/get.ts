import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { Identity } from "#gen/ostiary/type/v1/identity_pb.js";
import { adminClient, serverOptions, told } from "../admin-client.ts";
import type { Command } from "../command.ts";
import { forEach } from "../each.ts";
import { formatOptions } from "../output/format.ts";
import { printerFor } from "../output/print.ts";
import { forTenant, tenantOption } from "../tenant-option.ts";
import { identityColumns, shownIdentity } from "./shown.ts";

/** `ostiary identities get` */
export const getCommand: Command = {
  name: "identities get",
  aliases: ["get identity"],
  operands: [{ name: "<id...>", summary: "The ids of the identities." }],
  summary: "Shows identities.",
  options: [
    { name: "external-id", summary: "Takes the ids for those that another system knows the identities by." },
    {
      name: "include-credentials",
      short: "i",
      value: "type",
      multiple: true,
      summary: "Shows the secrets of credentials of a type, such as the tokens of oidc.",
    },
    {
      name: "expand",
      value: "part",
      multiple: true,
      choices: ["lifecycle"],
      summary: "Shows more: with lifecycle when they last signed in, and when they are deleted.",
    },
    ...serverOptions,
    tenantOption,
    ...formatOptions,
  ],
  examples: [
    "ostiary identities get $(ostiary identities list -q) --format yaml",
    "ostiary get identity --external-id customer-12345 --format json-pretty",
  ],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, IdentityService);
    const { "include-credentials": includeCredential = [], expand = [] } = call.flags as Record<string, string[]>;
    const options = forTenant(call);
    const { done, code } = await forEach(call, call.operands, async (id) => {
      const asked = { includeCredential, expand };
      const answer = call.flags["external-id"]
        ? client.getIdentityByExternalID({ externalId: id, ...asked }, options)
        : client.getIdentity({ id, ...asked }, options);
      return (await told<{ identity?: Identity }>(answer)).identity!;
    });
    if (call.operands.length === 1 && done[0]) await print.row(identityColumns, done[0], shownIdentity(done[0]));
    else if (done.length > 0) await print.rows(identityColumns, done, done.map(shownIdentity));
    return code;
  },
};
