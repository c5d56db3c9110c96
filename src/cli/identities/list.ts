import { IdentityService } from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { Identity } from "#gen/ostiary/type/v1/identity_pb.js";
import { adminClient, serverOptions, told } from "../admin-client.ts";
import { misuse, type Command, type CommandCall } from "../command.ts";
import { formatOptions } from "../output/format.ts";
import { printerFor } from "../output/print.ts";
import { forTenant, tenantOption } from "../tenant-option.ts";
import { wholeNumber } from "../values.ts";
import { identityColumns, shownIdentity } from "./shown.ts";

const pageSize = 100;
const largestPage = 500;

/** `ostiary identities list` */
export const listCommand: Command = {
  name: "identities list",
  aliases: ["list identities"],
  operands: [
    { name: "[page]", summary: "The number of a page, an older way to say which one is meant." },
    { name: "[per-page]", summary: "How many are on a page, where its number is given." },
  ],
  summary: "Lists identities.",
  options: [
    {
      name: "page-size",
      value: "count",
      summary: `How many to list. Default: ${pageSize}.`,
      read: wholeNumber(1, largestPage),
    },
    { name: "page-token", value: "token", summary: "Where to begin, as the page before has said." },
    { name: "all", summary: "Lists the identities of all pages." },
    { name: "filter", value: "filter", summary: "Which ones, such as 'verified = true AND state = active'." },
    {
      name: "order-by",
      value: "order",
      summary: "In which order: id, created_at, updated_at or last_sign_in_at, with desc.",
    },
    { name: "identifier", value: "name", summary: "The one who signs in by this name." },
    {
      name: "consistency",
      value: "level",
      choices: ["strong", "eventual"],
      summary: "Accepted for compatibility. A list is always strong.",
    },
    ...serverOptions,
    tenantOption,
    ...formatOptions,
  ],
  examples: [
    "ostiary list identities --page-size 10",
    "ostiary identities list --all --filter 'last_sign_in_at < \"2025-01-01\"' -q",
    "ostiary identities list --format 'jsonpath=$.identities[*].traits.email'",
  ],
  async run(call) {
    const print = await printerFor(call);
    const { identities, nextPageToken } = await pagesOf(call);
    const data = { identities: identities.map(shownIdentity), next_page_token: nextPageToken };
    await print.rows(identityColumns, identities, data);
    if (nextPageToken) call.err(`There are more: --page-token ${nextPageToken}`);
    return 0;
  },
};

interface Page {
  readonly identities: readonly Identity[];
  readonly nextPageToken: string;
}

async function pagesOf(call: CommandCall): Promise<Page> {
  const { flags, operands } = call;
  const numbered = numberedPage(operands);
  if (numbered && (flags.all || flags["page-token"])) throw misuse("takes either a number of a page, or --page-token.");
  const client = await adminClient(call, IdentityService);
  const asked = {
    filter: String(flags.filter ?? ""),
    orderBy: String(flags["order-by"] ?? ""),
    credentialsIdentifier: String(flags.identifier ?? ""),
    consistency: String(flags.consistency ?? ""),
    pageSize: (flags["page-size"] as number | undefined) ?? (flags.all ? largestPage : pageSize),
    ...numbered,
  };
  const identities: Identity[] = [];
  let pageToken = String(flags["page-token"] ?? "");
  do {
    const page = await told(client.listIdentities({ ...asked, pageToken }, forTenant(call)));
    identities.push(...page.identities);
    pageToken = page.nextPageToken;
  } while (flags.all && pageToken);
  return { identities, nextPageToken: pageToken };
}

function numberedPage([page, perPage]: readonly string[]):
  | { page: number; perPage: number; pageSize: number }
  | undefined {
  if (page === undefined) return undefined;
  const read = wholeNumber(1, 100_000);
  try {
    if (perPage !== undefined) return { page: read(page), perPage: read(perPage), pageSize: 0 };
  } catch {
    // Told below.
  }
  throw misuse("takes a page as two numbers: which one, and how many are on it.");
}
