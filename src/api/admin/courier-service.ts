import { CourierService } from "#gen/ostiary/admin/v1/courier_service_pb.js";
import { findMessage, listMessages } from "../../courier/list.ts";
import { messageStatuses } from "../../courier/message.ts";
import type { MessageStatus } from "../../courier/message.ts";
import { isUuid } from "../../db/id.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { defineService } from "../../server/dispatch.ts";
import { openKeysetPage } from "../keyset-page.ts";
import { presentMessage } from "./present-message.ts";

/** Serves courier_service.proto: what was sent, and what is to be. */
export const courierService = defineService(CourierService, {
  async listCourierMessages({ status, recipient, ...request }, ctx) {
    const page = openKeysetPage(ctx, request, { usual: 10, most: 500 });
    const filter = {
      ...(status && { status: statusOf(status) }),
      ...(recipient && { recipient }),
      ...(page.before && { before: page.before }),
    };
    const { shown, next } = page.cut(await listMessages(ctx, filter, page.limit));
    return { messages: shown.map((message) => presentMessage(message, ctx.config.dev)), nextPageToken: next };
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
