import { CourierService } from "#gen/ostiary/admin/v1/courier_service_pb.js";
import { findMessage, listMessages } from "../../courier/list.ts";
import { messageStatuses } from "../../courier/message.ts";
import type { MessageStatus } from "../../courier/message.ts";
import type { Context } from "../../context.ts";
import { openPage, sealPage } from "../../crypto/page-token.ts";
import { isUuid } from "../../db/id.ts";
import { keysetLink } from "../../db/pages.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { defineService } from "../../server/dispatch.ts";
import { presentMessage } from "./present-message.ts";

const defaultSize = 10;
const largestSize = 500;

/** Serves courier_service.proto: what was sent, and what is to be. */
export const courierService = defineService(CourierService, {
  async listCourierMessages({ pageSize, pageToken, status, recipient }, ctx) {
    const size = pageSize < 1 ? defaultSize : Math.min(pageSize, largestSize);
    const before = pageToken ? readToken(ctx, pageToken) : "";
    const filter = {
      ...(status && { status: statusOf(status) }),
      ...(recipient && { recipient }),
      ...(before && { before }),
    };
    const found = await listMessages(ctx, filter, size + 1);
    const messages = found.slice(0, size);
    const next = found.length > size ? writeToken(ctx, messages.at(-1)!.id) : "";
    ctx.call.reply.headers.set("link", keysetLink(ctx.call.url, { size, first: writeToken(ctx, ""), next }));
    return { messages: messages.map((message) => presentMessage(message, ctx.config.dev)), nextPageToken: next };
  },

  async getCourierMessage({ id }, ctx) {
    if (!isUuid(id))
      throw problem(ErrorReason.BAD_REQUEST, { message: `The id ${JSON.stringify(id.slice(0, 64))} is not a UUID.` });
    const found = await findMessage(ctx, id.toLowerCase());
    if (!found) throw problem(ErrorReason.NOT_FOUND);
    return { message: presentMessage(found.message, ctx.config.dev, found.dispatches) };
  },
});

function statusOf(written: string): MessageStatus {
  const status = messageStatuses.find((one) => one === written);
  if (!status)
    throw problem(ErrorReason.BAD_REQUEST, { reason: `The status must be one of ${messageStatuses.join(", ")}.` });
  return status;
}

const writeToken = ({ config, now }: Context, before: string): string =>
  sealPage({ before }, config.secrets, now().getTime());

function readToken({ config, now }: Context, token: string): string {
  const before = openPage(token, config.secrets, now().getTime())?.["before"];
  if (typeof before !== "string" || (before && !isUuid(before)))
    throw problem(ErrorReason.BAD_REQUEST, {
      message: "The page token is invalid or older than an hour.",
    });
  return before;
}
