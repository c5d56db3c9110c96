import type { InboxMessage } from "#pages";
import type { CourierMessage } from "../courier/entities.ts";
import { codeIn, linkIn } from "./content.ts";

/** A message as pages show it. */
export function presentMessage(message: CourierMessage): InboxMessage {
  const { id, subject, body, htmlBody, recipient, createdAt, templateType, type, status } = message;
  return {
    id,
    title: subject || body.split("\n", 1)[0]!.slice(0, 120),
    recipient,
    via: type === "sms" ? "sms" : "email",
    at: createdAt,
    template: templateType,
    status,
    code: codeIn(message),
    link: linkIn(message),
    text: body,
    hasHtml: htmlBody !== null,
  };
}

/** The HTML of a mail, whose links open in windows of their own. */
export const framedHtml = (html: string): string => `<base target="_blank">${html}`;
