import { defineEntity, p } from "@mikro-orm/core";
import { goesWith, identified, instant, json, longText, oneOf, uuid } from "../db/columns.ts";
import { type RowOf, tableOf } from "../db/table.ts";
import type { MessageStatus, TemplateData } from "./message.ts";
import type { TemplateType } from "../config/template-types.ts";

/** Describes the table `courier_messages`. */
export const CourierMessageSchema = defineEntity({
  name: "CourierMessage",
  tableName: "courier_messages",
  indexes: [
    { name: "courier_messages_nid_id_index", properties: ["nid", "id"] },
    { name: "courier_messages_nid_recipient_id_index", properties: ["nid", "recipient", "id"] },
    // Workers and cleaners take those of all tenants.
    { name: "courier_messages_due_at_id_index", properties: ["dueAt", "id"] },
  ],
  checks: [
    oneOf("courier_messages", "status", ["queued", "processing", "sent", "abandoned"]),
    oneOf("courier_messages", "type", ["email", "sms"]),
  ],
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
    dueAt: instant().strictNullable(),
    leaseId: uuid().strictNullable(),
    // Of the request that has led to it (W3C Trace Context): the trace goes on where the message is sent.
    traceparent: p.string().length(64).strictNullable().hidden(),
  },
});

/** A message on its way to a person. It is there if, and only if, what it tells of was committed. */
export const courierMessages = tableOf(CourierMessageSchema);

/** A message as it is stored. */
export type CourierMessage = RowOf<typeof courierMessages>;

/** Describes the table `courier_message_dispatches`. */
export const CourierDispatchSchema = defineEntity({
  name: "CourierDispatch",
  tableName: "courier_message_dispatches",
  indexes: [{ name: "courier_message_dispatches_message_id_nid_index", properties: ["messageId", "nid"] }],
  checks: [oneOf("courier_message_dispatches", "status", ["failed", "success"])],
  properties: {
    ...identified,
    messageId: uuid(),
    message: () => goesWith(CourierMessageSchema, "message_id", "courier_message_dispatches"),
    status: p.string().length(16).$type<"failed" | "success">(),
    error: json<{ message: string }>().strictNullable(),
  },
});

/** One attempt to send a message, and how it went. */
export const courierDispatches = tableOf(CourierDispatchSchema);

/** An attempt as it is stored. */
export type CourierDispatch = RowOf<typeof courierDispatches>;
