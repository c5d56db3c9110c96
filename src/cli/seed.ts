import { SeedService } from "#gen/ostiary/admin/v1/seed_service_pb.js";
import { adminClient, endpointOption, told } from "./admin-client.ts";
import type { Command } from "./command.ts";
import { formatOption } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";
import { wholeNumber } from "./values.ts";

/** `ostiary seed` */
export const seedCommand: Command = {
  name: "seed",
  summary: "Fills a server that runs with --dev with made-up people, their sessions and messages.",
  options: [
    endpointOption,
    tenantOption,
    {
      name: "number",
      short: "n",
      value: "number",
      summary: "Which people: the same for the same number. Default: 0.",
      read: wholeNumber(0, 9_999_999),
    },
    { name: "count", value: "people", summary: "How many. Default: 50.", read: wholeNumber(0, 9_999_999) },
    formatOption,
  ],
  async run(call) {
    const print = await printerFor(call);
    const { number = 0, count = 0 } = call.flags as { readonly number?: number; readonly count?: number };
    const client = await adminClient(call, SeedService);
    const { people, existing, sessions, messages, password } = await told(
      client.seedPeople({ seed: { number, count } }, forTenant(call)),
    );
    const words = () => {
      call.out(`${people} people, ${sessions} sessions, ${messages} messages; ${existing} were there already.`);
      call.out(`The password of all is: ${password}`);
    };
    await print.words(words, { people, existing, sessions, messages, password });
    return 0;
  },
};
