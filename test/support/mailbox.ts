import { setTimeout as pause } from "node:timers/promises";
import type { CourierMessage } from "../../src/courier/entities.ts";
import { courierMessages } from "../../src/courier/entities.ts";
import type { TemplateType } from "../../src/config/template-types.ts";
import { nowhere } from "../../src/courier/message.ts";
import type { App } from "../../src/app.ts";
import { rowsOf } from "./rows.ts";

/** A message as it stands in the outbox. */
export type Mailed = Pick<
  CourierMessage,
  "id" | "status" | "type" | "recipient" | "templateType" | "templateData" | "subject" | "body" | "htmlBody"
>;

/** What a test looks for. */
export interface MailWish {
  readonly type?: TemplateType;
  /** Only messages that came after this one. */
  readonly after?: Mailed | undefined;
}

/** All messages to somebody, the oldest first. */
export async function mailsTo({ app }: { app: App }, recipient: string): Promise<Mailed[]> {
  return rowsOf(app.db, courierMessages, (query) =>
    query.where("recipient", "=", recipient).where("channel", "<>", nowhere).orderBy("id"),
  );
}

/** The newest message to somebody; waits up to two seconds for one. */
export async function mailTo(server: { app: App }, recipient: string, { type, after }: MailWish = {}): Promise<Mailed> {
  for (let waits = 0; ; waits++) {
    const mails = await mailsTo(server, recipient);
    const mail = mails.findLast((one) => (!type || one.templateType === type) && (!after || one.id > after.id));
    if (mail) return mail;
    if (waits === 40)
      throw new Error(
        `no message${type ? ` ${type}` : ""} to ${recipient}; there are: ${mails.map((one) => one.templateType).join(", ")}`,
      );
    await pause(50);
  }
}

/** The code in a message. */
export function codeIn({ templateData, body }: Mailed): string {
  const { recovery_code, verification_code, login_code, registration_code } = templateData;
  const code = recovery_code ?? verification_code ?? login_code ?? registration_code;
  if (!code || !body.includes(code)) throw new Error("the message has no code");
  return code;
}

/** The link in a message. */
export function linkIn({ templateData, body }: Mailed): URL {
  const url = templateData.recovery_url ?? templateData.verification_url;
  if (!url || !body.includes(url)) throw new Error("the message has no link");
  return new URL(url);
}
