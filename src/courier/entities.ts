import { defineEntity, p } from "@mikro-orm/core";
import { identified, instant, json, longText, uuid } from "../db/columns.ts";
import type { MessageStatus, TemplateData } from "./message.ts";
import type { TemplateType } from "../config/template-types.ts";

const CourierMessageSchema = defineEntity({
  name: "CourierMessage",
  tableName: "courier_messages",
  indexes: [{ name: "courier_messages_recipient_id_index", properties: ["recipient", "id"] }],
  properties: {
    ...identified,
    status: p.string().length(16).$type<MessageStatus>(),
    type: p.string().length(16).$type<"email" | "sms">(),
    channel: p.string().length(32),
    recipient: p.string().length(512),
    templateType: p.string().length(64).$type<TemplateType>(),
    templateData: json<TemplateData>().hidden(),
    requestHeaders: json<Record<string, string>>().hidden(),
    subject: longText().hidden(),
    body: longText().hidden(),
    htmlBody: longText().strictNullable().hidden(),
    sendCount: p.integer().default(0),
    // When it may be taken: while it is under way, when the one who took it has lost it. Null when it is over.
    dueAt: instant().strictNullable().index("courier_messages_due_at_index"),
    leaseId: uuid().strictNullable(),
  },
});

/** A message on its way to a person. It is there if, and only if, what it tells of was committed. */
export class CourierMessage extends CourierMessageSchema.class {}
CourierMessageSchema.setClass(CourierMessage);

const CourierDispatchSchema = defineEntity({
  name: "CourierDispatch",
  tableName: "courier_message_dispatches",
  properties: {
    ...identified,
    message: () => p.manyToOne(CourierMessage).deleteRule("cascade").index("courier_message_dispatches_message_id_index"),
    status: p.string().length(16).$type<"failed" | "success">(),
    error: json<{ message: string }>().strictNullable(),
  },
});

/** One attempt to send a message, and how it went. */
export class CourierDispatch extends CourierDispatchSchema.class {}
CourierDispatchSchema.setClass(CourierDispatch);
