import { InboxService } from "#gen/ostiary/admin/v1/inbox_service_pb.js";
import type { Context } from "../../context.ts";
import type { CourierMessage } from "../../courier/entities.ts";
import { isUuid } from "../../db/id.ts";
import { firstId } from "../../db/pages.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { codeIn, linkIn } from "../../inbox/content.ts";
import { follow } from "../../inbox/follow.ts";
import { newestMessages } from "../../inbox/read.ts";
import { defineService } from "../../server/dispatch.ts";
import type { Service } from "../../server/dispatch.ts";
import { presentTime } from "../present-time.ts";
import { presentStatus, presentType } from "./present-message.ts";

const defaultSize = 50;
const largestSize = 500;
const defaultWaitSeconds = 10;

/** Serves inbox_service.proto; who waits is answered as soon as the server is about to go. */
export const inboxService = (leaving: AbortSignal): Service =>
  defineService(InboxService, {
    async listMessages({ recipient, templateType, pageSize }, ctx) {
      refuseWithoutInbox(ctx);
      const size = pageSize < 1 ? defaultSize : Math.min(pageSize, largestSize);
      const [newest] = await newestMessages(ctx, {}, 1);
      const found = await newestMessages(ctx, { recipient, templateType }, size);
      return { messages: found.map(presentInboxMessage), cursor: newest?.id ?? firstId };
    },

    async waitForMessage({ recipient, templateType, after, timeoutSeconds }, ctx) {
      refuseWithoutInbox(ctx);
      if (after && !isUuid(after))
        throw problem(ErrorReason.BAD_REQUEST, {
          message: "The cursor is neither one of a list nor the id of a message.",
        });
      const seconds = timeoutSeconds || defaultWaitSeconds;
      const until = AbortSignal.any([AbortSignal.timeout(seconds * 1000), leaving]);
      const wish = { recipient, templateType };
      for await (const message of follow(ctx, { wish, after: after.toLowerCase() || firstId, until }))
        return { message: presentInboxMessage(message) };
      throw problem(ErrorReason.DEADLINE, { reason: `No such message came within ${seconds} seconds.` });
    },
  });

function refuseWithoutInbox({ config }: Context): void {
  if (!config.courier.inbox)
    throw problem(ErrorReason.NOT_FOUND, {
      reason: "There is no inbox: it is for development (--dev), or for where courier.inbox is on.",
    });
}

const presentInboxMessage = (message: CourierMessage) => ({
  id: message.id,
  type: presentType(message),
  recipient: message.recipient,
  subject: message.subject,
  text: message.body,
  html: message.htmlBody ?? "",
  templateType: message.templateType,
  code: codeIn(message) ?? "",
  link: linkIn(message) ?? "",
  status: presentStatus(message),
  createdAt: presentTime(message.createdAt),
});
