import { fromJson } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import {
  CourierMessageDispatchStatus,
  CourierMessageStatus,
  CourierMessageType,
} from "#gen/ostiary/type/v1/courier_pb.js";
import type { CourierMessageSchema } from "#gen/ostiary/type/v1/courier_pb.js";
import type { CourierDispatch, CourierMessage } from "../../courier/entities.ts";
import { presentTime } from "../present-time.ts";

const hidden = "<redacted-unless-dev-mode>";

const statuses = {
  queued: CourierMessageStatus.QUEUED,
  processing: CourierMessageStatus.PROCESSING,
  sent: CourierMessageStatus.SENT,
  abandoned: CourierMessageStatus.ABANDONED,
};

/** How far a message has come, as the contract has it. */
export const presentStatus = ({ status }: Pick<CourierMessage, "status">): CourierMessageStatus => statuses[status];

/** What kind a message is, as the contract has it. */
export const presentType = ({ type }: Pick<CourierMessage, "type">): CourierMessageType =>
  type === "sms" ? CourierMessageType.SMS : CourierMessageType.EMAIL;

/** A message as the contract has it. Its words, which hold codes and links, are shown in development only. */
export function presentMessage(
  message: CourierMessage,
  dev: boolean,
  dispatches: readonly CourierDispatch[] = [],
): MessageInitShape<typeof CourierMessageSchema> {
  return {
    id: message.id,
    status: presentStatus(message),
    type: presentType(message),
    recipient: message.recipient,
    subject: dev ? message.subject : hidden,
    body: dev ? message.body : hidden,
    templateType: message.templateType,
    channel: message.channel,
    sendCount: message.sendCount,
    dispatches: dispatches.map((dispatch) => presentDispatch(message.id, dispatch)),
    createdAt: presentTime(message.createdAt),
    updatedAt: presentTime(message.updatedAt),
  };
}

const presentDispatch = (messageId: string, { id, status, error, createdAt, updatedAt }: CourierDispatch) => ({
  id,
  messageId,
  status: status === "success" ? CourierMessageDispatchStatus.SUCCESS : CourierMessageDispatchStatus.FAILED,
  ...(error && { error: fromJson(ValueSchema, error as never) }),
  createdAt: presentTime(createdAt),
  updatedAt: presentTime(updatedAt),
});
