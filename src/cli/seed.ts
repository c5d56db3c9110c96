import { SeedService } from "#gen/ostiary/admin/v1/seed_service_pb.js";
import { adminClient, endpointOption, told } from "./admin-client.ts";
import type { Command, CommandCall } from "./command.ts";
import { formatOption, printsJson } from "./format.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";

/** `ostiary seed` */
export const seedCommand: Command = {
  name: "seed",
  summary: "Fills a server that runs with --dev with made-up people, their sessions and messages.",
  options: [
    endpointOption,
    tenantOption,
    { name: "number", short: "n", type: "string", summary: "Which people: the same for the same number. Default: 0." },
    { name: "count", type: "string", summary: "How many. Default: 50." },
    formatOption,
  ],
  async run(call) {
    const json = printsJson(call);
    const client = await adminClient(call, SeedService);
    const seed = { number: wholeOf(call, "number"), count: wholeOf(call, "count") };
    const { people, existing, sessions, messages, password } = await told(client.seedPeople({ seed }, forTenant(call)));
    if (json) call.out(JSON.stringify({ people, existing, sessions, messages, password }));
    else {
      call.out(`${people} people, ${sessions} sessions, ${messages} messages; ${existing} were there already.`);
      call.out(`The password of all is: ${password}`);
    }
    return 0;
  },
};

function wholeOf({ flags }: CommandCall, name: string): number {
  const said = flags[name];
  if (said === undefined) return 0;
  if (!/^\d{1,7}$/.test(String(said))) throw new Error(`--${name} must be a whole number.`);
  return Number(said);
}
