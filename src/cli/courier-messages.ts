import { timestampDate } from "@bufbuild/protobuf/wkt";
import { CourierService } from "#gen/ostiary/admin/v1/courier_service_pb.js";
import { CourierMessageSchema, CourierMessageStatus, CourierMessageType } from "#gen/ostiary/type/v1/courier_pb.js";
import type { CourierMessage, CourierMessageDispatch } from "#gen/ostiary/type/v1/courier_pb.js";
import { CourierMessageDispatchStatus } from "#gen/ostiary/type/v1/courier_pb.js";
import { messageStatuses } from "../courier/message.ts";
import { encoderOf } from "../rest/encode.ts";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import type { Command } from "./command.ts";
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import type { Columns } from "./output/table.ts";
import { forTenant, tenantOption } from "./tenant-option.ts";
import { wholeNumber } from "./values.ts";

const shown = encoderOf(CourierMessageSchema);
const momentOf = (at: CourierMessage["createdAt"]): string => (at ? timestampDate(at).toISOString() : "");

const columns: Columns<CourierMessage> = {
  ID: ({ id }) => id,
  STATUS: ({ status }) => CourierMessageStatus[status].toLowerCase(),
  TYPE: ({ type }) => CourierMessageType[type].toLowerCase(),
  RECIPIENT: ({ recipient }) => recipient,
  TEMPLATE: ({ templateType }) => templateType,
  TRIES: ({ sendCount }) => sendCount,
  "CREATED AT": ({ createdAt }) => momentOf(createdAt),
};

const list: Command = {
  name: "courier list",
  summary: "Lists mails and text messages, the newest first.",
  options: [
    { name: "status", value: "status", choices: messageStatuses, summary: "Only messages of this status." },
    { name: "recipient", value: "address", summary: "Only messages to this address." },
    { name: "page-size", value: "count", summary: "How many to list. Default: 100.", read: wholeNumber(1, 500) },
    { name: "page-token", value: "token", summary: "Where to begin, as the page before has said." },
    ...serverOptions,
    tenantOption,
    ...formatOptions,
  ],
  examples: [
    "ostiary courier list --status abandoned",
    "ostiary courier list --recipient ada@example.org --format yaml",
  ],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, CourierService);
    const { status = "", recipient = "", "page-size": pageSize = 100, "page-token": pageToken = "" } = call.flags;
    const asked = {
      status: String(status),
      recipient: String(recipient),
      pageSize: Number(pageSize),
      pageToken: String(pageToken),
    };
    const { messages, nextPageToken } = await told(client.listCourierMessages(asked, forTenant(call)));
    await print.rows(columns, messages, { messages: messages.map(shown), next_page_token: nextPageToken });
    if (nextPageToken) call.err(`There are more: --page-token ${nextPageToken}`);
    return 0;
  },
};

const get: Command = {
  name: "courier get",
  operands: [{ name: "<id>", summary: "The id of the message." }],
  summary: "Shows a message and each attempt to send it. Its content is shown by servers in development alone.",
  options: [...serverOptions, tenantOption, ...formatOptions],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, CourierService);
    const { message } = await told(client.getCourierMessage({ id: call.operands[0]! }, forTenant(call)));
    await print.row(
      { ...columns, ATTEMPTS: ({ dispatches }) => dispatches.map(attemptOf).join("; ") },
      message!,
      shown(message!),
    );
    return 0;
  },
};

const attemptOf = ({ status, createdAt, error }: CourierMessageDispatch): string =>
  [
    momentOf(createdAt),
    CourierMessageDispatchStatus[status].toLowerCase(),
    ...(error ? [JSON.stringify(error)] : []),
  ].join(" ");

/** `ostiary courier list` and `get` */
export const courierMessageCommands: readonly Command[] = [list, get];
